import { describe, expect, it } from 'vitest';
import { randomOf } from '../../bench/fixtures/random.ts';

const TIMES = 10_000;

describe('choices', () => {
  it('are the same for the same seed, and others for its neighbour', () => {
    const some = (...seed: (string | number)[]) => {
      const random = randomOf(...seed);
      return Array.from({ length: 8 }, () => random.below(1_000));
    };
    expect(some(1, 2)).toEqual(some(1, 2));
    expect(some(1, 2)).not.toEqual(some(1, 3));
    expect(some(1, 12)).not.toEqual(some(11, 2));
  });

  it.each([1, 2, 5, 64, 1_000])('rank %d places by Zipf: each doubling as likely as any other', (n) => {
    const random = randomOf('zipf', n);
    const octaves = Array<number>(Math.floor(Math.log2(n)) + 1).fill(0);
    const ranks = Array.from({ length: TIMES }, () => random.rank(n));
    expect(Math.min(...ranks)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ranks)).toBeLessThan(n);
    for (const rank of ranks) {
      const octave = Math.floor(Math.log2(rank + 1));
      octaves[octave] = (octaves[octave] as number) + 1;
    }
    for (const count of octaves) {
      expect(count / TIMES).toBeGreaterThan(0.8 / octaves.length);
      expect(count / TIMES).toBeLessThan(1.2 / octaves.length);
    }
  });

  it('are different ones where that is asked for, and no more than there are', () => {
    const random = randomOf('ranks');
    expect(random.ranks(5, 3).sort()).toEqual([0, 1, 2]);
    for (let time = 0; time < 100; time += 1) expect(new Set(random.ranks(5, 300)).size).toBe(5);
  });
});
