/** Removals from the real document: all of a kind at once, and a random selection one by one. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from './differences.ts';
import { listMutations, type Mutation } from './mutations.ts';
import { createReport } from './report.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
const document = parse(readFileSync('openapi.yaml', 'utf8'));
const mutations = listMutations(document);

function findBreaksAfter(changes: Mutation[]): string[] {
  const present: Json = structuredClone(document);
  for (const { apply } of changes.toReversed()) apply(present);
  return createReport({ released: document, present }, '').breaks;
}

describe('openapi.yaml', () => {
  it('does not break its own contract', () => {
    expect(createReport({ released: document, present: structuredClone(document) }, '')).toEqual({
      breaks: [],
      undocumented: [],
      additions: 0,
    });
  });

  it.each(
    Object.keys(mutations).filter((kind) => kind !== 'values'),
  )('breaks it without any of its %s', (kind) => {
    const changes = mutations[kind] ?? [];
    expect(changes.length).toBeGreaterThan(0);
    expect(findBreaksAfter(changes)).toEqual(expect.arrayContaining(changes.map(({ expected }) => expected)));
  });

  it('breaks it without the even or the odd ones of its values', () => {
    const changes = mutations['values'] ?? [];
    for (const half of [0, 1]) {
      const some = changes.filter((_, index) => index % 2 === half);
      expect(findBreaksAfter(some)).toEqual(expect.arrayContaining(some.map(({ expected }) => expected)));
    }
  });

  it('breaks it in exactly one place without a single part', () => {
    const kinds = Object.values(mutations).map((changes) => fc.constantFrom(...changes));
    fc.assert(
      fc.property(fc.oneof(...kinds), (change) => {
        expect(findBreaksAfter([change])).toEqual([change.expected]);
      }),
      { seed, numRuns: 25, verbose: true },
    );
  });
});
