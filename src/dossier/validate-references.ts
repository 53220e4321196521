/** Invariant 4: every reference leads to another fact; whether of an allowed type is checked with the field's form. */
import type { Amendment } from '../model/amendments.ts';
import { keyOf } from '../model/fact-body.ts';
import type { Reference } from '../model/fields.ts';
import { leavesAt } from '../model/schema-fields.ts';
import { resourceByType } from '../model/types/index.ts';
import type { Path } from './parse-yaml.ts';
import type { CheckedFact } from './validate-fact.ts';
import type { Report } from './validation-errors.ts';

/** Which of these facts, given by no fact of the dossier, exist elsewhere: as `type/id`. */
export type KnownFacts = (references: Reference[]) => Promise<Set<string>>;

interface Referring {
  /** Those that are sound in themselves. */
  facts: CheckedFact[];
  amendments: Amendment[];
  /** Those of all facts as they are written, sound or not. */
  names: (string | null)[];
  /** What the dossier's facts were called before. */
  renamed: string[];
  document: string;
  known: KnownFacts;
}

/** A reference and where it was written. */
interface Written {
  from: string;
  to: Reference;
  path: Path;
}

export async function checkReferences(
  report: Report,
  { facts, amendments, names, renamed, document, known }: Referring,
): Promise<void> {
  const here = new Set([keyOf({ type: 'document', id: document }), ...names, ...renamed]);
  const indexes = new Map(names.map((name, index) => [name, index]));
  const inFacts = facts.flatMap((fact): Written[] => {
    const place = ['facts', indexes.get(keyOf(fact)) ?? 0];
    return referencesOf(fact.type, fact.body, keyOf(fact), place);
  });
  const inAmendments = amendments.flatMap(({ kind, index, fact, fields }) =>
    referencesOf(fact.type, fields, keyOf(fact), [kind, index, 'fields']),
  );
  const targets = amendments.map(({ kind, index, fact }): Written => {
    const path = [kind, index, 'fact'];
    if (here.has(keyOf(fact))) report.add('home-here', path, `${keyOf(fact)} is given here: change it there`);
    return { from: '', to: fact, path };
  });
  const all = [...inFacts, ...inAmendments, ...targets];
  for (const { from, to, path } of all) {
    if (keyOf(to) === from) report.add('self-reference', path, `${from} refers to itself`);
  }
  const foreign = all.filter(({ to }) => !here.has(keyOf(to)));
  const elsewhere = await known(foreign.map(({ to }) => to));
  for (const { to, path } of foreign) {
    if (elsewhere.has(keyOf(to))) continue;
    report.add('unknown-reference', path, `${keyOf(to)} is neither in this dossier nor in the store`);
  }
}

/** Every reference in own fields and `accordingTo`, with the path that it was written at. */
function referencesOf(type: string, own: Record<string, unknown>, from: string, place: Path): Written[] {
  const paths = [...(resourceByType.get(type)?.referencePaths ?? []), 'accordingTo'];
  return paths.flatMap((path) =>
    leavesAt(own, path).map((leaf) => ({
      from,
      to: leaf.value as Reference,
      path: [...place, ...leaf.path],
    })),
  );
}
