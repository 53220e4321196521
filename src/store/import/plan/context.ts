/** What planning an import shares, and what the store holds that has to do with it. */

import type { Path } from '../../../dossier/parse-yaml.ts';
import type { DossierContent } from '../../../dossier/validate.ts';
import type { CheckCode, CheckProblem } from '../../../dossier/validation-errors.ts';
import type { Amendment } from '../../../model/amendments.ts';
import type { Cause } from '../../../model/change.ts';
import { type FactBody, keyOf, referencesIn, withRenamed } from '../../../model/fact-body.ts';
import type { Reference } from '../../../model/fields.ts';
import type { Reader } from '../../database.ts';
import { type Identity, namesOf } from '../../queries/identities.ts';
import { OPEN_END } from '../../schema.ts';
import {
  amendedBy,
  amendedIn,
  type Contribution,
  type Contributions,
  contributionsTo,
} from '../contributions.ts';
import { type Draft, STORED_COLUMNS, type StoredVersion, versionsOf } from '../pending-versions.ts';

/** A version to be made, and why. */
export interface PlannedChange {
  draft: Draft;
  cause: Cause;
  reason: string | null;
}

export interface Plan {
  changes: PlannedChange[];
  /** Facts of the dossier that stay as they are. */
  unchanged: number;
  renames: { from: Reference; to: Reference }[];
  /** Facts about which something else is said than before, with all that is said now. */
  contributions: { fact: Reference; home: { document: string; base: FactBody }; others: Contribution[] }[];
  /** If there are any, nothing may be done. */
  problems: CheckProblem[];
}

export interface PlanOptions {
  /** When the dossier's words are of, if it has no date: the day it was first recorded. */
  firstRecorded: string;
  firstRevision: number;
  /** The one that the import becomes; after all others if it is only asked what it would do. */
  revision: number;
  /** Why the dossier's own facts change, or null if nothing was said. */
  reason: string | null;
}

/** What the store holds that has to do with the dossier. */
export interface Held {
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
export interface Planning {
  dossier: DossierContent;
  options: PlanOptions;
  held: Held;
  /** Under which id facts go from now on: what the store knows, and what this dossier renames. */
  renamed: Map<string, Reference>;
  /** Facts that the dossier renames as they were, by the `type/id` that they get. */
  moved: Map<string, StoredVersion>;
  /** Where in the dossier each of its facts is given, by `type/id`; the document itself is the first, at -1. */
  given: ReadonlyMap<string, number>;
  /** Why it takes something back, by the `type/id` that it goes by from now on. */
  withdrawn: ReadonlyMap<string, string>;
  /** What the dossier says about facts of others, by the `type/id` that they go by now. */
  amendments: Map<string, Amendment[]>;
  drafts: Map<string, Draft>;
  contributions: Plan['contributions'];
  report(code: CheckCode, path: Path, message: string): void;
}

export async function whatIsHeld(db: Reader, dossier: DossierContent): Promise<Held> {
  const rows = await db
    .selectFrom('fact')
    .select(STORED_COLUMNS)
    .where('document', '=', dossier.id)
    .where('rev_to', '=', OPEN_END)
    .execute();
  const home = new Map<string, StoredVersion>(rows.map((row) => [keyOf(row), row]));
  const given = dossier.facts.filter((fact) => !home.has(keyOf(fact)));
  const named = [
    ...given,
    ...dossier.renames.flatMap(({ from, to }) => [from, to]),
    ...dossier.retractions.map(({ fact }) => fact),
    ...dossier.amendments.map(({ fact }) => fact),
  ];
  const referred = referencesIn([
    dossier.facts.map(({ body }) => body),
    dossier.amendments.map(({ fields }) => fields),
  ]);
  const notHome = (reference: Reference) => !home.has(keyOf(reference));
  const known = await namesOf(db, [...named, ...referred].filter(notHome));
  const before = await amendedBy(db, dossier.id);
  const amended = [
    ...dossier.amendments.map(({ fact }) => known.renamed.get(keyOf(fact)) ?? fact),
    ...before,
    // Of a fact that nobody has had yet there is nothing more to be found.
    ...given.filter((fact) => known.identities.has(keyOf(fact))),
  ];
  const said = await contributionsTo(db, distinct([...amended, ...(await amendedIn(db, dossier.id))]));
  const spokenOf = await namesOf(db, referencesIn([...said.values()]).filter(notHome));
  const identities = new Map([...known.identities, ...spokenOf.identities]);
  const renamed = new Map([...known.renamed, ...spokenOf.renamed]);
  const others = await versionsOf(db, distinct(amended));
  // They are kept as they were said: a fact that they name may go by another id by now.
  const contributions = new Map([...said].map(([key, each]) => [key, withRenamed(each, renamed)]));
  return { home, identities, renamed, others, contributions };
}

export const distinct = (references: Reference[]): Reference[] => [
  ...new Map(references.map((reference) => [keyOf(reference), reference])).values(),
];

/** ` (its home is dossier x)`, for a message. */
export function elsewhere({ home, identities }: Pick<Held, 'home' | 'identities'>, fact: Reference): string {
  const document = home.get(keyOf(fact))?.document ?? identities.get(keyOf(fact))?.document;
  return document ? ` (its home is dossier ${document})` : '';
}

export const placeOf = (index: number): Path => (index < 0 ? ['document'] : ['facts', index]);
