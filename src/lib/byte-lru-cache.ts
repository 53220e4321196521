import { LRUCache } from 'lru-cache';

/** Minimum number of recently offered keys that are remembered. */
const MIN_REMEMBERED_KEYS = 10_000;

/**
 * LRU cache with a limit in bytes. A full cache stores a value only when its key is offered for the second
 * time, in place of the least recently used one. Otherwise queries that occur once would evict queries that
 * recur, and since evicted values are old to the garbage collector, it would run all the time.
 */
export class ByteLruCache<K extends {}, V extends {}> {
  readonly #values: LRUCache<K, V>;
  readonly #maxBytes: number;
  #recentKeys = new Set<K | string>();
  #olderKeys = new Set<K | string>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    // `maxSize: 0` means no limit.
    this.#values = new LRUCache({ maxSize: Math.max(1, maxBytes) });
  }

  get totalBytes(): number {
    return this.#values.calculatedSize;
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  has(key: K): boolean {
    return this.#values.has(key);
  }

  /**
   * Stores a value of `bytes` bytes if there is room or if its key was offered before. Only then calls
   * `createValue`. `admissionKey` is a short substitute for a long key.
   */
  setIfSeenBefore(key: K, bytes: number, createValue: () => V, admissionKey: K | string = key): void {
    if (this.totalBytes + bytes <= this.#maxBytes || this.#seenBefore(admissionKey))
      this.set(key, bytes, createValue());
  }

  set(key: K, bytes: number, value: V): void {
    this.#values.set(key, value, { size: bytes });
  }

  clear(): void {
    this.#values.clear();
    this.#recentKeys.clear();
    this.#olderKeys.clear();
  }

  #seenBefore(admissionKey: K | string): boolean {
    if (this.#recentKeys.has(admissionKey) || this.#olderKeys.has(admissionKey)) return true;
    if (this.#recentKeys.size >= MIN_REMEMBERED_KEYS)
      [this.#recentKeys, this.#olderKeys] = [new Set(), this.#recentKeys];
    this.#recentKeys.add(admissionKey);
    return false;
  }
}
