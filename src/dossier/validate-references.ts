/** Invariant 4: every reference leads to another fact; whether of an allowed type is checked with the field's form. */
import type { Amendment } from '../model/amendments.ts';
import { refKey } from '../model/fact-body.ts';
import type { Reference } from '../model/fields.ts';
import { getLeavesAtPath } from '../model/schema-fields.ts';
import { factTypesByName } from '../model/types/index.ts';
import type { ValuePath } from './parse-yaml.ts';
import type { ValidatedFact } from './validate-fact.ts';
import type { ProblemCollector } from './validation-errors.ts';

/** Which of these facts, given by no fact of the dossier, exist elsewhere: as `type/id`. */
export type FindKnownFacts = (references: Reference[]) => Promise<Set<string>>;

interface ReferenceValidationInput {
  /** Those that are sound in themselves. */
  facts: ValidatedFact[];
  amendments: Amendment[];
  /** Those of all facts as they are written, sound or not. */
  factKeys: (string | null)[];
  /** What the dossier's facts were called before. */
  renamedKeys: string[];
  documentId: string;
  findKnownFacts: FindKnownFacts;
}

/** A reference and where it was written. */
interface LocatedReference {
  from: string;
  to: Reference;
  path: ValuePath;
}

export async function validateReferences(
  collector: ProblemCollector,
  { facts, amendments, factKeys, renamedKeys, documentId, findKnownFacts }: ReferenceValidationInput,
): Promise<void> {
  const ownKeys = new Set([refKey({ type: 'document', id: documentId }), ...factKeys, ...renamedKeys]);
  const indexByKey = new Map(factKeys.map((key, index) => [key, index]));
  const factReferences = facts.flatMap((fact): LocatedReference[] => {
    const factPath = ['facts', indexByKey.get(refKey(fact)) ?? 0];
    return collectReferences(fact.type, fact.body, refKey(fact), factPath);
  });
  const amendmentReferences = amendments.flatMap(({ kind, index, fact, fields }) =>
    collectReferences(fact.type, fields, refKey(fact), [kind, index, 'fields']),
  );
  const amendmentTargets = amendments.map(({ kind, index, fact }): LocatedReference => {
    const path = [kind, index, 'fact'];
    if (ownKeys.has(refKey(fact)))
      collector.add('home-here', path, `${refKey(fact)} is given here: change it there`);
    return { from: '', to: fact, path };
  });
  const references = [...factReferences, ...amendmentReferences, ...amendmentTargets];
  for (const { from, to, path } of references) {
    if (refKey(to) === from) collector.add('self-reference', path, `${from} refers to itself`);
  }
  const foreignReferences = references.filter(({ to }) => !ownKeys.has(refKey(to)));
  const knownKeys = await findKnownFacts(foreignReferences.map(({ to }) => to));
  for (const { to, path } of foreignReferences) {
    if (knownKeys.has(refKey(to))) continue;
    collector.add('unknown-reference', path, `${refKey(to)} is neither in this dossier nor in the store`);
  }
}

/** Every reference in own fields and `accordingTo`, with the path that it was written at. */
function collectReferences(
  type: string,
  fields: Record<string, unknown>,
  from: string,
  basePath: ValuePath,
): LocatedReference[] {
  const paths = [...(factTypesByName.get(type)?.referencePaths ?? []), 'accordingTo'];
  return paths.flatMap((path) =>
    getLeavesAtPath(fields, path).map((leaf) => ({
      from,
      to: leaf.value as Reference,
      path: [...basePath, ...leaf.path],
    })),
  );
}
