/** State that the steps of planning an import share. */

import { sql } from 'kysely';
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
  type StoredVersion,
  selectStoredVersions,
} from '../pending-versions.ts';

/** Pending version with its cause. */
export interface PlannedChange {
  pendingVersion: PendingVersion;
  cause: Cause;
  reason: string | null;
}

export interface ImportPlan {
  changes: PlannedChange[];
  /** Number of the dossier's facts that do not change. */
  unchanged: number;
  renames: { from: Reference; to: Reference }[];
  /** Facts whose contributions change, with all their contributions afterwards. */
  contributions: { fact: Reference; home: { document: string; base: FactBody }; others: Contribution[] }[];
  /** Problems that prevent the import. */
  problems: ValidationProblem[];
}

export interface PlanOptions {
  /** Day on which the dossier was first recorded, which replaces a missing publication date. */
  firstRecordedOn: string;
  firstRevision: number;
  /** Number that the import gets; in a dry run, a number after all others. */
  revision: number;
  /** Reason of changes to the dossier's own facts; null if the author gave none. */
  reason: string | null;
}

/** Stored data that concerns the dossier. */
export interface StoredState {
  /** Facts of the dossier, including retracted ones. */
  home: Map<string, StoredVersion>;
  /** Identities of all facts that the dossier defines, names or refers to. */
  identities: Map<string, Identity>;
  renamed: Map<string, Reference>;
  /** Facts of other dossiers that it amends or has amended, and those that it would take over. */
  others: Map<string, StoredVersion>;
  contributions: Map<string, Contributions>;
}

export interface PlanContext {
  dossier: DossierContent;
  options: PlanOptions;
  stored: StoredState;
  /** Current ids of renamed facts, by their earlier `type/id`: from the store and from this dossier. */
  renamed: Map<string, Reference>;
  /** Stored versions of facts that the dossier renames, by their new `type/id`. */
  renamedFrom: Map<string, StoredVersion>;
  /** Index of each fact in the dossier, by `type/id`; the document itself has the index -1. */
  factPositions: ReadonlyMap<string, number>;
  /** Reasons of the dossier's retractions, by the current `type/id` of the facts. */
  retractionReasons: ReadonlyMap<string, string>;
  /** Amendments of the dossier, by the current `type/id` of the facts. */
  amendments: Map<string, Amendment[]>;
  pendingVersions: Map<string, PendingVersion>;
  contributions: ImportPlan['contributions'];
  report(code: ValidationProblemCode, path: ValuePath, message: string): void;
}

export async function loadStoredState(db: Reader, dossier: DossierContent): Promise<StoredState> {
  const rows = await selectStoredVersions(
    db,
    sql`from fact as f where f.document = ${dossier.id} and f.rev_to = ${CURRENT}`,
  );
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
    // A fact without an identity has no versions and no contributions.
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
  // Contributions are stored with the ids of their time; facts may have been renamed since.
  const contributions = new Map(
    [...contributionsByFact].map(([key, contributions]) => [key, renameReferences(contributions, renamed)]),
  );
  return { home, identities, renamed, others, contributions };
}

export const dedupeReferences = (references: Reference[]): Reference[] => [
  ...new Map(references.map((reference) => [refKey(reference), reference])).values(),
];

/** Formats ` (its home is dossier x)` for a message; empty if the fact has no home. */
export function formatHomeNote(
  { home, identities }: Pick<StoredState, 'home' | 'identities'>,
  fact: Reference,
): string {
  const document = home.get(refKey(fact))?.document ?? identities.get(refKey(fact))?.document;
  return document ? ` (its home is dossier ${document})` : '';
}

export const toFactPath = (index: number): ValuePath => (index < 0 ? ['document'] : ['facts', index]);
