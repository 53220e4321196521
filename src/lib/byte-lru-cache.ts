/** What is kept in memory, within a number of bytes. */
import { LRUCache } from 'lru-cache';

/** How many of those that were offered last are remembered, at least. */
const REMEMBERED = 10_000;

/**
 * Values by key. As long as there is room all are kept; then only what is offered for the second time, in place of what was idle
 * longest. Questions that nobody asks twice would else push out those that somebody does, and what is pushed out so is old to the
 * garbage collector: it would be at work all the time.
 */
export class Kept<K extends {}, V extends {}> {
  readonly #values: LRUCache<K, V>;
  readonly #maxBytes: number;
  #offered = new Set<K | string>();
  #offeredBefore = new Set<K | string>();

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    // 0 would be no limit.
    this.#values = new LRUCache({ maxSize: Math.max(1, maxBytes) });
  }

  get bytes(): number {
    return this.#values.calculatedSize;
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  has(key: K): boolean {
    return this.#values.has(key);
  }

  /** Keeps what `make` makes, which takes `bytes`, if it is to be kept; `mark` stands for a key that is long. */
  offer(key: K, bytes: number, make: () => V, mark: K | string = key): void {
    if (this.bytes + bytes <= this.#maxBytes || this.#again(mark)) this.keep(key, bytes, make());
  }

  keep(key: K, bytes: number, value: V): void {
    this.#values.set(key, value, { size: bytes });
  }

  clear(): void {
    this.#values.clear();
    this.#offered.clear();
    this.#offeredBefore.clear();
  }

  #again(mark: K | string): boolean {
    if (this.#offered.has(mark) || this.#offeredBefore.has(mark)) return true;
    if (this.#offered.size >= REMEMBERED) [this.#offered, this.#offeredBefore] = [new Set(), this.#offered];
    this.#offered.add(mark);
    return false;
  }
}
