/** Choices that are the same for the same seed, on any machine: made of integers alone, as the last digit of a logarithm is not. */
import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

export interface Random {
  /** A whole number from 0, less than `n`. */
  below(n: number): number;
  /** True once in `n` times. */
  oneIn(n: number): boolean;
  pick<T>(values: readonly T[]): T;
  /**
   * A place from 0, less than `n`, by Zipf's law: the k-th is chosen about 1/k as often as the first. Each doubling of k
   * is as likely as any other.
   */
  rank(n: number): number;
  /** So many different ranks, or all that there are. */
  ranks(count: number, n: number): number[];
}

/** The choices for one dossier, say: what goes before makes no difference to them. */
export function randomOf(...seed: (string | number)[]): Random {
  // Generators that begin at neighbouring numbers would begin alike.
  const generator = xoroshiro128plus(createHash('sha256').update(seed.join('/')).digest().readInt32LE());
  const below = (n: number) => uniformInt(generator, 0, n - 1);
  const rank = (n: number) => {
    const from = 2 ** below(32 - Math.clz32(n));
    return from - 1 + below(Math.min(from, n + 1 - from));
  };
  return {
    below,
    oneIn: (n) => below(n) === 0,
    pick: <T>(values: readonly T[]) => values[below(values.length)] as T,
    rank,
    ranks(count, n) {
      const chosen = new Set<number>();
      while (chosen.size < Math.min(count, n)) chosen.add(rank(n));
      return [...chosen];
    },
  };
}
