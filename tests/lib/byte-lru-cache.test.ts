import { describe, expect, it } from 'vitest';
import { ByteLruCache } from '../../src/lib/byte-lru-cache.ts';

const offerEntry = (cache: ByteLruCache<string, string>, key: string) =>
  cache.setIfSeenBefore(key, 10, () => key.toUpperCase());

describe('ByteLruCache', () => {
  it('stores every value while there is space, then only values that are offered twice', () => {
    const cache = new ByteLruCache<string, string>(30);
    for (const key of ['a', 'b', 'c', 'd']) offerEntry(cache, key);
    expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual(['A', 'B', 'C', undefined]);
    expect(cache.totalBytes).toBe(30);
    // "a" was used before "b" and "c".
    offerEntry(cache, 'd');
    expect(['a', 'b', 'c', 'd'].map((key) => cache.has(key))).toEqual([false, true, true, true]);
    expect(cache.totalBytes).toBe(30);
  });

  it('does not create a value that it will not store', () => {
    const cache = new ByteLruCache<string, string>(10);
    offerEntry(cache, 'a');
    let createdCount = 0;
    for (let n = 0; n < 3; n += 1) {
      cache.setIfSeenBefore('b', 10, () => {
        createdCount += 1;
        return 'B';
      });
      expect(createdCount).toBe(n);
    }
  });

  it('remembers recent offers, by a short admission key if there is one', () => {
    const cache = new ByteLruCache<string, string>(10);
    offerEntry(cache, 'a');
    cache.setIfSeenBefore('b', 10, () => 'B', 'mark');
    for (let n = 0; n < 10_000; n += 1) offerEntry(cache, `other ${n}`);
    cache.setIfSeenBefore('b', 10, () => 'B', 'mark');
    expect(cache.get('b')).toBe('B');
    cache.setIfSeenBefore('c', 10, () => 'C');
    for (let n = 0; n < 20_000; n += 1) offerEntry(cache, `another ${n}`);
    cache.setIfSeenBefore('c', 10, () => 'C');
    expect(cache.get('c')).toBeUndefined();
  });

  it('stores nothing if its size is 0', () => {
    const cache = new ByteLruCache<string, string>(0);
    for (let n = 0; n < 3; n += 1) offerEntry(cache, 'a');
    expect([cache.get('a'), cache.totalBytes]).toEqual([undefined, 0]);
  });

  it('forgets everything when it is cleared', () => {
    const cache = new ByteLruCache<string, string>(10);
    for (const key of ['a', 'b']) offerEntry(cache, key);
    cache.clear();
    expect([cache.get('a'), cache.totalBytes]).toEqual([undefined, 0]);
    for (const key of ['a', 'b']) offerEntry(cache, key);
    expect([cache.get('a'), cache.get('b')]).toEqual(['A', undefined]);
  });
});
