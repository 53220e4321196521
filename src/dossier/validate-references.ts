/** Invariant 4: every reference leads to another fact. The schema of the field checks the fact's type. */
import { findSimilar } from '../lib/suggest.ts';
import type { Amendment } from '../model/amendments.ts';
import { refKey } from '../model/fact-body.ts';
import type { Reference } from '../model/fields.ts';
import { getLeavesAtPath } from '../model/schema-fields.ts';
import { factTypesByName } from '../model/types/index.ts';
import type { ValuePath } from './parse-yaml.ts';
import type { RejectedFact, ValidatedFact } from './validate-fact.ts';
import type { ProblemCollector } from './validation-errors.ts';

/**
 * Returns the keys (`type/id`) of those facts that exist outside the dossier. The keys of other facts may be among them: they are
 * suggested for those that do not exist.
 */
export type FindKnownFacts = (references: Reference[]) => Promise<Set<string>>;

interface ReferenceValidationInput {
  /** Valid facts only. */
  facts: ValidatedFact[];
  rejectedFacts: RejectedFact[];
  amendments: Amendment[];
  /** Keys of all facts in the order of the dossier, valid or not; null if a fact has no type or id. */
  factKeys: (string | null)[];
  /** Old keys of facts that the dossier renames. */
  renamedKeys: string[];
  documentId: string;
  findKnownFacts: FindKnownFacts;
}

/** Reference at a path of the dossier; `from` is empty for the fact that an amendment is about. */
interface LocatedReference {
  from: string;
  to: Reference;
  path: ValuePath;
}

export async function validateReferences(
  collector: ProblemCollector,
  {
    facts,
    rejectedFacts,
    amendments,
    factKeys,
    renamedKeys,
    documentId,
    findKnownFacts,
  }: ReferenceValidationInput,
): Promise<void> {
  const ownKeys = new Set([refKey({ type: 'document', id: documentId }), ...factKeys, ...renamedKeys]);
  const indexByKey = new Map(factKeys.map((key, index) => [key, index]));
  const factReferences = facts.flatMap((fact): LocatedReference[] => {
    const factPath = ['facts', indexByKey.get(refKey(fact)) ?? 0];
    return collectReferences(fact.type, fact.body, refKey(fact), factPath);
  });
  const rejectedReferences = rejectedFacts.flatMap(({ type, fields, path }) =>
    collectReferences(type, fields, '', path),
  );
  const amendmentReferences = amendments.flatMap(({ kind, index, fact, fields }) =>
    collectReferences(fact.type, fields, refKey(fact), [kind, index, 'fields']),
  );
  const amendmentTargets = amendments.map(({ kind, index, fact }): LocatedReference => {
    const path = [kind, index, 'fact'];
    if (ownKeys.has(refKey(fact)))
      collector.add('home-here', path, `${refKey(fact)} is a fact of this dossier: change it under facts`);
    return { from: '', to: fact, path };
  });
  const references = [...factReferences, ...rejectedReferences, ...amendmentReferences, ...amendmentTargets];
  for (const { from, to, path } of references) {
    if (refKey(to) === from) collector.add('self-reference', path, `${from} refers to itself`);
  }
  const foreignReferences = references.filter(({ to }) => !ownKeys.has(refKey(to)));
  const knownKeys = await findKnownFacts(foreignReferences.map(({ to }) => to));
  const suggestFact = createFactSuggester([...knownKeys, ...[...ownKeys].filter((key) => key !== null)]);
  for (const { to, path } of foreignReferences) {
    if (knownKeys.has(refKey(to))) continue;
    const suggestion = suggestFact(to);
    collector.add(
      'unknown-reference',
      path,
      `${refKey(to)} not found${suggestion}: define it in this dossier, or first import the dossier that defines it`,
    );
  }
}

/** Maximum number of unknown facts for which one of similar name is looked for: each is compared with all others. */
const MAX_SUGGESTIONS = 20;

/** Creates a function that suggests a fact with a similar id, or the fact of another type that has the same id. */
function createFactSuggester(keys: string[]): (unknown: Reference) => string {
  const suggestions = new Map<string, string>();
  return (unknown) => {
    const known = suggestions.get(refKey(unknown));
    if (known !== undefined || suggestions.size >= MAX_SUGGESTIONS) return known ?? '';
    const suggestion = formatFactSuggestion(unknown, keys);
    suggestions.set(refKey(unknown), suggestion);
    return suggestion;
  };
}

function formatFactSuggestion({ type, id }: Reference, keys: string[]): string {
  const sameType = keys.filter((key) => key.startsWith(`${type}/`));
  const similarId = findSimilar(
    id,
    sameType.map((key) => key.slice(type.length + 1)),
  );
  const key = similarId === null ? keys.find((each) => each.endsWith(`/${id}`)) : `${type}/${similarId}`;
  return key === undefined ? '' : ` (did you mean ${key}?)`;
}

/** Returns all references in own fields and `accordingTo`, with their paths. */
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
