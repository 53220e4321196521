/** The versions that an import is about to make, with their labels: those of other dossiers' facts follow. */

import { batches } from '../../lib/chunk.ts';
import { type FactBody, keyOf, referencesIn, withRenamed } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { resourceOf } from '../../model/types/index.ts';
import type { Reader } from '../database.ts';
import { tableOf } from '../dialect/bulk-insert.ts';
import { OPEN_END, type Tables } from '../schema.ts';

export type StoredVersion = Pick<
  Tables['fact'],
  'type' | 'id' | 'version' | 'label' | 'reported_on' | 'retracted' | 'document' | 'body'
> & { row: number };

export const STORED_COLUMNS = [
  'row',
  'type',
  'id',
  'version',
  'label',
  'reported_on',
  'retracted',
  'document',
  'body',
] as const;

/** What a fact is to be. */
export interface Draft extends Reference {
  previous: StoredVersion | null;
  body: FactBody;
  document: string;
  reportedOn: string | null;
  label: string;
  /** Why it is withdrawn, or null. */
  retracted: string | null;
}

/** The newest version of each of these facts, by `type/id`. */
export async function versionsOf(db: Reader, facts: Reference[]): Promise<Map<string, StoredVersion>> {
  if (facts.length === 0) return new Map();
  const rows = await newestOf(db, facts)
    .select(STORED_COLUMNS.map((name) => `f.${name}` as const))
    .execute();
  return new Map(rows.map((row) => [keyOf(row), row]));
}

const newestOf = (db: Reader, facts: Reference[]) =>
  db
    .selectFrom(tableOf(db, facts).as('given'))
    .crossJoin('fact as f')
    .whereRef('f.type', '=', 'given.type')
    .whereRef('f.id', '=', 'given.id')
    .where('f.rev_to', '=', OPEN_END);

/**
 * Gives every draft its label, and adds drafts for facts elsewhere whose label or references follow from what changes.
 * `renamed` says under which id a fact goes from now on. Drafts are only added, so it comes to an end.
 */
export async function settleLabels(
  db: Reader,
  drafts: Map<string, Draft>,
  renamed: ReadonlyMap<string, Reference>,
): Promise<void> {
  const stored = new Map<string, string>();
  const followed = new Map<string, string>();
  for (let before = -1; before < drafts.size; ) {
    before = drafts.size;
    await loadLabels(db, drafts, stored);
    labelAll(drafts, stored);
    const moved = [...drafts.values()].flatMap(({ previous, label, id }) => {
      if (!previous || (previous.label === label && previous.id === id)) return [];
      const isNews = followed.get(keyOf(previous)) !== label;
      followed.set(keyOf(previous), label);
      return isNews ? [previous] : [];
    });
    for await (const rows of referrersOf(db, moved)) await follow(db, rows, { drafts, renamed, stored });
  }
}

/** Adds drafts for those of `rows` that are otherwise than they were, by what the drafts so far are called. */
async function follow(
  db: Reader,
  rows: StoredVersion[],
  {
    drafts,
    renamed,
    stored,
  }: {
    drafts: Map<string, Draft>;
    renamed: ReadonlyMap<string, Reference>;
    stored: Map<string, string>;
  },
): Promise<void> {
  const fresh = rows.filter((row) => !drafts.has(keyOf(row)) && !renamed.has(keyOf(row)));
  const referrers = new Map(fresh.map((row) => [keyOf(row), referrerOf(row, renamed)]));
  await loadLabels(db, referrers, stored, drafts);
  const name = (to: Reference) => drafts.get(keyOf(to))?.label ?? stored.get(keyOf(to)) ?? to.id;
  const changed = [...referrers].filter(([, { type, body, previous }]) => {
    if (previous?.label !== resourceOf(type).label(body as never, name)) return true;
    return referencesIn(JSON.parse(previous.body)).some((reference) => renamed.has(keyOf(reference)));
  });
  for (const [key, draft] of changed) drafts.set(key, draft);
}

function referrerOf(row: StoredVersion, renamed: ReadonlyMap<string, Reference>): Draft {
  const { type, id, document, reported_on: reportedOn } = row;
  const body = withRenamed(JSON.parse(row.body) as FactBody, renamed);
  return { type, id, previous: row, body, document, reportedOn, label: '', retracted: null };
}

/** Of the facts that some refer to and that are no drafts. */
async function loadLabels(
  db: Reader,
  referring: Map<string, Draft>,
  stored: Map<string, string>,
  drafts = referring,
): Promise<void> {
  const lacking = new Map<string, Reference>();
  for (const { body } of referring.values()) {
    for (const reference of referencesIn(body)) {
      const key = keyOf(reference);
      if (!drafts.has(key) && !stored.has(key)) lacking.set(key, reference);
    }
  }
  if (lacking.size === 0) return;
  for (const [key, { id }] of lacking) stored.set(key, id);
  const rows = await newestOf(db, [...lacking.values()])
    .select(['f.type', 'f.id', 'f.label'])
    .execute();
  for (const row of rows) stored.set(keyOf(row), row.label);
}

function labelAll(drafts: Map<string, Draft>, stored: ReadonlyMap<string, string>): void {
  const known = new Map<string, string>();
  const name = (reference: Reference): string => {
    const key = keyOf(reference);
    const draft = drafts.get(key);
    if (!draft) return stored.get(key) ?? reference.id;
    const label = known.get(key);
    if (label !== undefined) return label;
    // Set before it is worked out: two facts that name each other end here instead of going round.
    known.set(key, reference.id);
    draft.label = resourceOf(draft.type).label(draft.body as never, name);
    known.set(key, draft.label);
    return draft.label;
  };
  for (const draft of drafts.values()) name(draft);
}

/** The facts, not retracted, that refer to some of these now: batch by batch, as there may be very many. */
async function* referrersOf(db: Reader, to: Reference[]): AsyncGenerator<StoredVersion[]> {
  const found = new Set<number>();
  for (const [type, of] of Map.groupBy(to, (reference) => reference.type)) {
    for (const batch of batches(of.map(({ id }) => id))) {
      const rows = await db
        .selectFrom('term')
        .select('row')
        .where('ref_type', '=', type)
        .where('value', 'in', batch)
        .where('rev_to', '=', OPEN_END)
        .execute();
      for (const { row } of rows) found.add(row);
    }
  }
  for (const batch of batches([...found].sort((a, b) => a - b))) {
    yield await db
      .selectFrom('fact')
      .select(STORED_COLUMNS)
      .where('row', 'in', batch)
      .where('rev_to', '=', OPEN_END)
      .where('retracted', 'is', null)
      .orderBy('row')
      .execute();
  }
}
