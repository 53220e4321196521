import { describe, expect, it } from 'vitest';
import { Kept } from '../../src/lib/byte-lru-cache.ts';

const offer = (kept: Kept<string, string>, key: string) => kept.offer(key, 10, () => key.toUpperCase());

describe('what is kept', () => {
  it('is all that is offered while there is room, then what is offered twice', () => {
    const kept = new Kept<string, string>(30);
    for (const key of ['a', 'b', 'c', 'd']) offer(kept, key);
    expect(['a', 'b', 'c', 'd'].map((key) => kept.get(key))).toEqual(['A', 'B', 'C', undefined]);
    expect(kept.bytes).toBe(30);
    // "a" was asked for before "b" and "c".
    offer(kept, 'd');
    expect(['a', 'b', 'c', 'd'].map((key) => kept.has(key))).toEqual([false, true, true, true]);
    expect(kept.bytes).toBe(30);
  });

  it('is not made to be thrown away', () => {
    const kept = new Kept<string, string>(10);
    offer(kept, 'a');
    let made = 0;
    for (let n = 0; n < 3; n += 1) {
      kept.offer('b', 10, () => {
        made += 1;
        return 'B';
      });
      expect(made).toBe(n);
    }
  });

  it('remembers offers for a while, by a short mark if there is one', () => {
    const kept = new Kept<string, string>(10);
    offer(kept, 'a');
    kept.offer('b', 10, () => 'B', 'mark');
    for (let n = 0; n < 10_000; n += 1) offer(kept, `other ${n}`);
    kept.offer('b', 10, () => 'B', 'mark');
    expect(kept.get('b')).toBe('B');
    kept.offer('c', 10, () => 'C');
    for (let n = 0; n < 20_000; n += 1) offer(kept, `another ${n}`);
    kept.offer('c', 10, () => 'C');
    expect(kept.get('c')).toBeUndefined();
  });

  it('is nothing if nothing may be', () => {
    const kept = new Kept<string, string>(0);
    for (let n = 0; n < 3; n += 1) offer(kept, 'a');
    expect([kept.get('a'), kept.bytes]).toEqual([undefined, 0]);
  });

  it('is forgotten all at once', () => {
    const kept = new Kept<string, string>(10);
    for (const key of ['a', 'b']) offer(kept, key);
    kept.clear();
    expect([kept.get('a'), kept.bytes]).toEqual([undefined, 0]);
    for (const key of ['a', 'b']) offer(kept, key);
    expect([kept.get('a'), kept.get('b')]).toEqual(['A', undefined]);
  });
});
