/** What planning an import shares, and what the store holds that has to do with it. */

import type { ValuePath } from '../../../dossier/parse-yaml.ts';
import type { DossierContent } from '../../../dossier/validate.ts';
import type { ValidationProblem, ValidationProblemCode } from '../../../dossier/validation-errors.ts';
import type { Amendment } from '../../../model/amendments.ts';
import type { Cause } from '../../../model/change.ts';
import { collectReferences, type FactBody, refKey, renameReferences } from '../../../model/fact-body.ts';
import type { Reference } from '../../../model/fields.ts';
import type { Reader } from '../../database.ts';
import { type Identity, resolveNames } from '../../queries/identities.ts';
import { CURRENT } from '../../schema.ts';
import {
  type Contribution,
  type Contributions,
  findContributions,
  findFactsAmendedBy,
  findFactsAmendedByOthers,
} from '../contributions.ts';
import {
  findLatestVersions,
  type PendingVersion,
  STORED_COLUMNS,
  type StoredVersion,
} from '../pending-versions.ts';

/** A version to be made, and why. */
export interface PlannedChange {
  pendingVersion: PendingVersion;
  cause: Cause;
  reason: string | null;
}

export interface ImportPlan {
  changes: PlannedChange[];
  /** Facts of the dossier that stay as they are. */
  unchanged: number;
  renames: { from: Reference; to: Reference }[];
  /** Facts about which something else is said than before, with all that is said now. */
  contributions: { fact: Reference; home: { document: string; base: FactBody }; others: Contribution[] }[];
  /** If there are any, nothing may be done. */
  problems: ValidationProblem[];
}

export interface PlanOptions {
  /** When the dossier's words are of, if it has no date: the day it was first recorded. */
  firstRecordedOn: string;
  firstRevision: number;
  /** The one that the import becomes; after all others if it is only asked what it would do. */
  revision: number;
  /** Why the dossier's own facts change, or null if nothing was said. */
  reason: string | null;
}

/** What the store holds that has to do with the dossier. */
export interface StoredState {
  /** The facts of the dossier, the retracted too. */
  home: Map<string, StoredVersion>;
  /** Of every fact that it gives, names or refers to. */
  identities: Map<string, Identity>;
  renamed: Map<string, Reference>;
  /** Facts of other dossiers that it amends or has amended, and those that it would take up. */
  others: Map<string, StoredVersion>;
  contributions: Map<string, Contributions>;
}

/** Everything that planning shares. */
export interface PlanContext {
  dossier: DossierContent;
  options: PlanOptions;
  stored: StoredState;
  /** Under which id facts go from now on: what the store knows, and what this dossier renames. */
  renamed: Map<string, Reference>;
  /** Facts that the dossier renames as they were, by the `type/id` that they get. */
  renamedFrom: Map<string, StoredVersion>;
  /** Where in the dossier each of its facts is given, by `type/id`; the document itself is the first, at -1. */
  factPositions: ReadonlyMap<string, number>;
  /** Why it takes something back, by the `type/id` that it goes by from now on. */
  retractionReasons: ReadonlyMap<string, string>;
  /** What the dossier says about facts of others, by the `type/id` that they go by now. */
  amendments: Map<string, Amendment[]>;
  pendingVersions: Map<string, PendingVersion>;
  contributions: ImportPlan['contributions'];
  report(code: ValidationProblemCode, path: ValuePath, message: string): void;
}

export async function loadStoredState(db: Reader, dossier: DossierContent): Promise<StoredState> {
  const rows = await db
    .selectFrom('fact')
    .select(STORED_COLUMNS)
    .where('document', '=', dossier.id)
    .where('rev_to', '=', CURRENT)
    .execute();
  const home = new Map<string, StoredVersion>(rows.map((row) => [refKey(row), row]));
  const newFacts = dossier.facts.filter((fact) => !home.has(refKey(fact)));
  const namedFacts = [
    ...newFacts,
    ...dossier.renames.flatMap(({ from, to }) => [from, to]),
    ...dossier.retractions.map(({ fact }) => fact),
    ...dossier.amendments.map(({ fact }) => fact),
  ];
  const references = collectReferences([
    dossier.facts.map(({ body }) => body),
    dossier.amendments.map(({ fields }) => fields),
  ]);
  const isNotHome = (reference: Reference) => !home.has(refKey(reference));
  const resolvedNames = await resolveNames(db, [...namedFacts, ...references].filter(isNotHome));
  const previouslyAmended = await findFactsAmendedBy(db, dossier.id);
  const amendedFacts = [
    ...dossier.amendments.map(({ fact }) => resolvedNames.renamed.get(refKey(fact)) ?? fact),
    ...previouslyAmended,
    // Of a fact that nobody has had yet there is nothing more to be found.
    ...newFacts.filter((fact) => resolvedNames.identities.has(refKey(fact))),
  ];
  const contributionsByFact = await findContributions(
    db,
    dedupeReferences([...amendedFacts, ...(await findFactsAmendedByOthers(db, dossier.id))]),
  );
  const referencedNames = await resolveNames(
    db,
    collectReferences([...contributionsByFact.values()]).filter(isNotHome),
  );
  const identities = new Map([...resolvedNames.identities, ...referencedNames.identities]);
  const renamed = new Map([...resolvedNames.renamed, ...referencedNames.renamed]);
  const others = await findLatestVersions(db, dedupeReferences(amendedFacts));
  // They are kept as they were said: a fact that they name may go by another id by now.
  const contributions = new Map(
    [...contributionsByFact].map(([key, contributions]) => [key, renameReferences(contributions, renamed)]),
  );
  return { home, identities, renamed, others, contributions };
}

export const dedupeReferences = (references: Reference[]): Reference[] => [
  ...new Map(references.map((reference) => [refKey(reference), reference])).values(),
];

/** ` (its home is dossier x)`, for a message. */
export function formatHomeNote(
  { home, identities }: Pick<StoredState, 'home' | 'identities'>,
  fact: Reference,
): string {
  const document = home.get(refKey(fact))?.document ?? identities.get(refKey(fact))?.document;
  return document ? ` (its home is dossier ${document})` : '';
}

export const toFactPath = (index: number): ValuePath => (index < 0 ? ['document'] : ['facts', index]);
