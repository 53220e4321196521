/** The versions that an import is about to make, with their labels: those of other dossiers' facts follow. */
import { type FactBody, keyOf, referencesIn, withRenamed } from '../facts/body.ts';
import type { Reference } from '../facts/fields.ts';
import { resourceOf } from '../resources/index.ts';
import { batches } from './batches.ts';
import type { Reader } from './portable/index.ts';
import { labelsOf } from './read.ts';
import { OPEN_END, type Tables } from './tables.ts';

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
  const found = new Map<string, StoredVersion>();
  for (const batch of batches(facts)) {
    const rows = await db
      .selectFrom('fact')
      .select(STORED_COLUMNS)
      .where((eb) => eb.or(batch.map(({ type, id }) => eb.and({ type, id }))))
      .where('rev_to', '=', OPEN_END)
      .execute();
    for (const row of rows) found.set(keyOf(row), row);
  }
  return found;
}

/** Facts can be named by facts that are named by facts; rounds past this many would be going in a circle. */
const MAX_ROUNDS = 20;

/**
 * Gives every draft its label, and adds drafts for facts elsewhere whose label or references follow from what changes.
 * `renamed` says under which id a fact goes from now on.
 */
export async function settleLabels(
  db: Reader,
  drafts: Map<string, Draft>,
  renamed: ReadonlyMap<string, Reference>,
): Promise<void> {
  const stored = new Map<string, string>();
  const expanded = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    await loadLabels(db, drafts, stored);
    labelAll(drafts, stored);
    const moved = [...drafts.values()].filter(
      ({ previous, label, id }) => previous && (previous.label !== label || previous.id !== id),
    );
    const next = moved.flatMap(({ previous }) =>
      previous && !expanded.has(keyOf(previous)) ? [previous] : [],
    );
    for (const each of next) expanded.add(keyOf(each));
    if (next.length === 0) return;
    for (const row of await referrersOf(db, next)) {
      const key = keyOf(row);
      if (drafts.has(key) || renamed.has(key)) continue;
      const { type, id, document, reported_on } = row;
      const body = withRenamed(JSON.parse(row.body) as FactBody, renamed);
      drafts.set(key, {
        type,
        id,
        previous: row,
        body,
        document,
        reportedOn: reported_on,
        label: '',
        retracted: null,
      });
    }
  }
}

/** Of the facts that drafts refer to and that are no drafts themselves. */
async function loadLabels(
  db: Reader,
  drafts: Map<string, Draft>,
  stored: Map<string, string>,
): Promise<void> {
  const lacking = [...drafts.values()]
    .flatMap(({ body }) => referencesIn(body))
    .filter((reference) => !drafts.has(keyOf(reference)) && !stored.has(keyOf(reference)));
  // The newest versions are those of the last revision of all.
  for (const [key, { label }] of await labelsOf(db, OPEN_END - 1, lacking)) stored.set(key, label);
  for (const reference of lacking)
    if (!stored.has(keyOf(reference))) stored.set(keyOf(reference), reference.id);
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

/** The facts, not retracted, that refer to some of these now. */
async function referrersOf(db: Reader, to: Reference[]): Promise<StoredVersion[]> {
  const found = new Map<number, StoredVersion>();
  for (const [type, of] of Map.groupBy(to, (reference) => reference.type)) {
    for (const batch of batches(of.map(({ id }) => id))) {
      const rows = await db
        .selectFrom('fact as f')
        .select(STORED_COLUMNS.map((column) => `f.${column}` as const))
        .where('f.rev_to', '=', OPEN_END)
        .where('f.retracted', 'is', null)
        .where(
          'f.row',
          'in',
          db
            .selectFrom('term')
            .select('row')
            .where('ref_type', '=', type)
            .where('value', 'in', batch)
            .where('rev_to', '=', OPEN_END),
        )
        .execute();
      for (const row of rows) found.set(row.row, row);
    }
  }
  return [...found.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
