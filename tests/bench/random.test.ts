import { describe, expect, it } from 'vitest';
import { createRandom } from '../../bench/fixtures/random.ts';

const SAMPLE_COUNT = 10_000;

describe('createRandom', () => {
  it('makes the same choices for the same seed, and others for adjacent seeds', () => {
    const drawSamples = (...seed: (string | number)[]) => {
      const random = createRandom(...seed);
      return Array.from({ length: 8 }, () => random.below(1_000));
    };
    expect(drawSamples(1, 2)).toEqual(drawSamples(1, 2));
    expect(drawSamples(1, 2)).not.toEqual(drawSamples(1, 3));
    expect(drawSamples(1, 12)).not.toEqual(drawSamples(11, 2));
  });

  it.each([1, 2, 5, 64, 1_000])('ranks %d values by Zipf: each doubling is equally likely', (n) => {
    const random = createRandom('zipf', n);
    const octaves = Array<number>(Math.floor(Math.log2(n)) + 1).fill(0);
    const ranks = Array.from({ length: SAMPLE_COUNT }, () => random.rank(n));
    expect(Math.min(...ranks)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...ranks)).toBeLessThan(n);
    for (const rank of ranks) {
      const octave = Math.floor(Math.log2(rank + 1));
      octaves[octave] = (octaves[octave] as number) + 1;
    }
    for (const count of octaves) {
      expect(count / SAMPLE_COUNT).toBeGreaterThan(0.8 / octaves.length);
      expect(count / SAMPLE_COUNT).toBeLessThan(1.2 / octaves.length);
    }
  });

  it('returns different ranks, and no more than exist', () => {
    const random = createRandom('ranks');
    expect(random.ranks(5, 3).sort()).toEqual([0, 1, 2]);
    for (let time = 0; time < 100; time += 1) expect(new Set(random.ranks(5, 300)).size).toBe(5);
  });
});
