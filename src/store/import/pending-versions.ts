/** Versions that an import is about to write, including those with derived changes of labels. */

import { type RawBuilder, sql } from 'kysely';
import { chunk } from '../../lib/chunk.ts';
import { collectReferences, type FactBody, refKey, renameReferences } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { factTypes, getFactType } from '../../model/types/index.ts';
import { query, type Reader } from '../database.ts';
import { valuesTable } from '../dialect/bulk-insert.ts';
import { isIn } from '../predicates.ts';
import { CURRENT, type Tables } from '../schema.ts';

export type StoredVersion = Pick<
  Tables['fact'],
  'type' | 'id' | 'version' | 'label' | 'reported_on' | 'retracted' | 'document' | 'body'
> & { row: number };

/** Selects the versions that match `clauses`, the rest of a query beginning with `from`. */
export const selectStoredVersions = (db: Reader, clauses: RawBuilder<unknown>): Promise<StoredVersion[]> =>
  query(
    db,
    sql<StoredVersion>`select f.row, f.type, f.id, f.version, f.label, f.reported_on, f.retracted, f.document,
      f.body ${clauses}`,
  );

/** Version that is about to be written. */
export interface PendingVersion extends Reference {
  previous: StoredVersion | null;
  body: FactBody;
  document: string;
  reportedOn: string | null;
  label: string;
  /** Reason of the retraction, or null. */
  retracted: string | null;
}

/** Finds the newest version of each of these facts, by `type/id`. */
export async function findLatestVersions(
  db: Reader,
  facts: Reference[],
): Promise<Map<string, StoredVersion>> {
  if (facts.length === 0) return new Map();
  const rows = await selectStoredVersions(db, fromLatestVersions(db, facts));
  return new Map(rows.map((row) => [refKey(row), row]));
}

/** Returns the rest of a query for the newest versions `f` of these facts. */
const fromLatestVersions = (db: Reader, facts: Reference[]): RawBuilder<unknown> =>
  sql`from ${valuesTable(db, facts)} as given cross join fact as f
    where f.type = given.type and f.id = given.id and f.rev_to = ${CURRENT}`;

/**
 * Sets the label of every pending version, and adds pending versions for facts of other dossiers whose label
 * or references change as a result. `renamed` maps an earlier `type/id` to the current id. Versions are only
 * added, so the loop terminates.
 */
export async function propagateLabels(
  db: Reader,
  pendingVersions: Map<string, PendingVersion>,
  renamed: ReadonlyMap<string, Reference>,
): Promise<void> {
  const storedLabels: StoredLabels = new Map();
  const propagatedLabels = new Map<string, string>();
  for (let previousSize = -1; previousSize < pendingVersions.size; ) {
    previousSize = pendingVersions.size;
    await loadStoredLabels(db, pendingVersions, storedLabels);
    assignLabels(pendingVersions, storedLabels);
    const relabeled = [...pendingVersions.values()].flatMap(({ previous, label, id, body }) => {
      if (!previous) return [];
      const isUnchanged =
        previous.label === label &&
        previous.id === id &&
        isPluralLabel(previous.type, previous.body) === isPluralLabel(previous.type, body);
      if (isUnchanged) return [];
      // Only labels change from one round to the next.
      const isNew = propagatedLabels.get(refKey(previous)) !== label;
      propagatedLabels.set(refKey(previous), label);
      return isNew ? [previous] : [];
    });
    for await (const rows of findReferringVersions(db, relabeled))
      await addReferrers(db, rows, { pendingVersions, renamed, storedLabels });
  }
}

/** Adds pending versions for those of `rows` whose label or references change as a result. */
async function addReferrers(
  db: Reader,
  rows: StoredVersion[],
  {
    pendingVersions,
    renamed,
    storedLabels,
  }: {
    pendingVersions: Map<string, PendingVersion>;
    renamed: ReadonlyMap<string, Reference>;
    storedLabels: StoredLabels;
  },
): Promise<void> {
  const newReferrers = rows.filter((row) => !pendingVersions.has(refKey(row)) && !renamed.has(refKey(row)));
  const referrers = new Map(newReferrers.map((row) => [refKey(row), toPendingReferrer(row, renamed)]));
  await loadStoredLabels(db, referrers, storedLabels, pendingVersions);
  const getLabel = (to: Reference) =>
    pendingVersions.get(refKey(to))?.label ?? storedLabels.get(refKey(to))?.label ?? to.id;
  const isPlural = createPluralLookup(pendingVersions, storedLabels);
  const changed = [...referrers].filter(([, { type, body, previous }]) => {
    if (previous?.label !== getFactType(type).getLabel(body as never, getLabel, isPlural)) return true;
    return collectReferences(JSON.parse(previous.body)).some((reference) => renamed.has(refKey(reference)));
  });
  for (const [key, pendingVersion] of changed) pendingVersions.set(key, pendingVersion);
}

function toPendingReferrer(row: StoredVersion, renamed: ReadonlyMap<string, Reference>): PendingVersion {
  const { type, id, document, reported_on: reportedOn } = row;
  const body = renameReferences(JSON.parse(row.body) as FactBody, renamed);
  return { type, id, previous: row, body, document, reportedOn, label: '', retracted: null };
}

type StoredLabel = Pick<StoredVersion, 'type' | 'id' | 'label'> & { body: string | null };

/** Labels of stored facts by `type/id`, and whether they take a plural verb. */
type StoredLabels = Map<string, { label: string; isPlural: boolean }>;

const PLURAL_TYPES = factTypes.flatMap(({ type, isPlural }) => (isPlural ? [type] : []));

/** True if the label of a fact takes a plural verb. `body` may be serialized. */
function isPluralLabel(type: string, body: FactBody | string): boolean {
  const { isPlural } = getFactType(type);
  return isPlural?.((typeof body === 'string' ? JSON.parse(body) : body) as never) ?? false;
}

const createPluralLookup =
  (pendingVersions: ReadonlyMap<string, PendingVersion>, storedLabels: Readonly<StoredLabels>) =>
  (reference: Reference): boolean => {
    const pendingVersion = pendingVersions.get(refKey(reference));
    return pendingVersion
      ? isPluralLabel(pendingVersion.type, pendingVersion.body)
      : (storedLabels.get(refKey(reference))?.isPlural ?? false);
  };

/** Loads the labels of referenced facts that have no pending version. */
async function loadStoredLabels(
  db: Reader,
  referrers: Map<string, PendingVersion>,
  storedLabels: StoredLabels,
  pendingVersions = referrers,
): Promise<void> {
  const missing = new Map<string, Reference>();
  for (const { body } of referrers.values()) {
    for (const reference of collectReferences(body)) {
      const key = refKey(reference);
      if (!pendingVersions.has(key) && !storedLabels.has(key)) missing.set(key, reference);
    }
  }
  if (missing.size === 0) return;
  for (const [key, { id }] of missing) storedLabels.set(key, { label: id, isPlural: false });
  const rows = await query(
    db,
    sql<StoredLabel>`select f.type, f.id, f.label, case when ${isIn(sql`f.type`, PLURAL_TYPES)} then f.body end as body
      ${fromLatestVersions(db, [...missing.values()])}`,
  );
  for (const row of rows) {
    const isPlural = row.body !== null && isPluralLabel(row.type, row.body);
    storedLabels.set(refKey(row), { label: row.label, isPlural });
  }
}

function assignLabels(
  pendingVersions: Map<string, PendingVersion>,
  storedLabels: Readonly<StoredLabels>,
): void {
  const isPlural = createPluralLookup(pendingVersions, storedLabels);
  const labels = new Map<string, string>();
  const assignLabel = (reference: Reference): string => {
    const key = refKey(reference);
    const pendingVersion = pendingVersions.get(key);
    if (!pendingVersion) return storedLabels.get(key)?.label ?? reference.id;
    const label = labels.get(key);
    if (label !== undefined) return label;
    // Set before the label is computed: two facts that refer to each other would recurse forever.
    labels.set(key, reference.id);
    pendingVersion.label = getFactType(pendingVersion.type).getLabel(
      pendingVersion.body as never,
      assignLabel,
      isPlural,
    );
    labels.set(key, pendingVersion.label);
    return pendingVersion.label;
  };
  for (const pendingVersion of pendingVersions.values()) assignLabel(pendingVersion);
}

/** Yields the facts that refer to `targets` and are not retracted, in batches, as there may be very many. */
async function* findReferringVersions(db: Reader, targets: Reference[]): AsyncGenerator<StoredVersion[]> {
  const rowNumbers = new Set<number>();
  for (const [type, references] of Map.groupBy(targets, (reference) => reference.type)) {
    for (const batch of chunk(references.map(({ id }) => id))) {
      const rows = await query(
        db,
        sql<{ row: number }>`select "row" from term
          where ref_type = ${type} and ${isIn(sql`value`, batch)} and rev_to = ${CURRENT}`,
      );
      for (const { row } of rows) rowNumbers.add(row);
    }
  }
  for (const batch of chunk([...rowNumbers].sort((a, b) => a - b))) {
    yield await selectStoredVersions(
      db,
      sql`from fact as f where ${isIn(sql`f.row`, batch)} and f.rev_to = ${CURRENT}
        and f.retracted is null order by f.row`,
    );
  }
}
