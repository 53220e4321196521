/** Invariant 4: every reference leads to another fact; whether of an allowed type is checked with the field's form. */
import { keyOf } from '../facts/body.ts';
import type { Reference } from '../facts/fields.ts';
import { leavesAt } from '../facts/schema-walk.ts';
import { resourceByType } from '../resources/index.ts';
import type { CheckedFact } from './check.ts';
import type { Report } from './report.ts';
import type { Path } from './yaml.ts';

/** Which of these facts, given by no fact of the dossier, exist elsewhere: as `type/id`. */
export type KnownFacts = (references: Reference[]) => Promise<Set<string>>;

/** `names` are those of all facts as they are written, sound or not; `facts` those that are sound in themselves. */
export async function checkReferences(
  report: Report,
  facts: CheckedFact[],
  { names, document, known }: { names: (string | null)[]; document: string; known: KnownFacts },
): Promise<void> {
  const here = new Set([keyOf({ type: 'document', id: document }), ...names]);
  const indexes = new Map(names.map((name, index) => [name, index]));
  const placeOf = (fact: CheckedFact, path: Path) => ['facts', indexes.get(keyOf(fact)) ?? 0, ...path];
  const all = facts.flatMap(referencesIn);
  for (const { fact, path, to } of all) {
    if (keyOf(to) !== keyOf(fact)) continue;
    report.add('self-reference', placeOf(fact, path), `${keyOf(to)} refers to itself`);
  }
  const foreign = all.filter(({ to }) => !here.has(keyOf(to)));
  const elsewhere = await known(foreign.map(({ to }) => to));
  for (const { fact, path, to } of foreign) {
    if (elsewhere.has(keyOf(to))) continue;
    const message = `${keyOf(to)} is neither in this dossier nor in the store`;
    report.add('unknown-reference', placeOf(fact, path), message);
  }
}

/** Every reference in a fact's own fields and `accordingTo`, with the path that it was written at. */
function referencesIn(fact: CheckedFact): { fact: CheckedFact; path: Path; to: Reference }[] {
  const paths = resourceByType.get(fact.type)?.referencePaths ?? [];
  return [...paths, 'accordingTo'].flatMap((path) =>
    leavesAt(fact.body, path).map((leaf) => ({ fact, path: leaf.path, to: leaf.value as Reference })),
  );
}
