/** What is kept in memory, within a number of bytes. */
import { LRUCache } from 'lru-cache';

/** How many of those that were offered last are remembered, at least. */
const MIN_REMEMBERED_KEYS = 10_000;

/**
 * Values by key. As long as there is room all are kept; then only what is offered for the second time, in place of what was idle
 * longest. Questions that nobody asks twice would else push out those that somebody does, and what is pushed out so is old to the
 * garbage collector: it would be at work all the time.
 */
export class ByteLruCache<K extends {}, V extends {}> {
  readonly #values: LRUCache<K, V>;
  readonly #maxBytes: number;
  #recentKeys = new Set<K | string>();
  #olderKeys = new Set<K | string>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    // 0 would be no limit.
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

  /** Keeps what `make` makes, which takes `bytes`, if it is to be kept; `mark` stands for a key that is long. */
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
