/** Everything that reads. Each question is asked at a revision, so the past and the present are one path. */
import type { ExpressionBuilder } from 'kysely';
import { keyOf } from '../facts/body.ts';
import type { Reference } from '../facts/fields.ts';
import { batches } from './batches.ts';
import type { Reader } from './portable/index.ts';
import { OPEN_END } from './tables.ts';

/** A revision as every answer names it. */
export interface Revision {
  n: number;
  recordedAt: string;
}

export interface Newest extends Revision {
  /** The newest revision that redacted a text; 0 if there is none. */
  redaction: number;
  /** When the revision before it was recorded: two in one second cannot be told apart by Last-Modified. */
  previousRecordedAt: string | null;
}

/** The newest revision, or null of an empty store. */
export async function newestRevision(db: Reader): Promise<Newest | null> {
  const rows = await db
    .selectFrom('revision')
    .select(['n', 'recorded_at', 'redaction'])
    .orderBy('n', 'desc')
    .limit(2)
    .execute();
  return newestOf(rows);
}

type RevisionRow = { n: number; recorded_at: string; redaction: number };

/** The newest revision, of the two newest rows. */
export function newestOf([newest, previous]: RevisionRow[]): Newest | null {
  if (!newest) return null;
  return {
    n: newest.n,
    recordedAt: newest.recorded_at,
    redaction: newest.redaction,
    previousRecordedAt: previous?.recorded_at ?? null,
  };
}

export async function revisionByNumber(db: Reader, n: number): Promise<Revision | null> {
  // Larger numbers are no integers to PostgreSQL.
  if (n >= OPEN_END) return null;
  const row = await db
    .selectFrom('revision')
    .select(['n', 'recorded_at'])
    .where('n', '=', n)
    .executeTakeFirst();
  return row ? { n: row.n, recordedAt: row.recorded_at } : null;
}

/** The newest revision that was recorded at `instant` or before. */
export async function revisionAt(db: Reader, instant: Date): Promise<Revision | null> {
  const row = await db
    .selectFrom('revision')
    .select(['n', 'recorded_at'])
    .where('recorded_at', '<=', instant.toISOString())
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? { n: row.n, recordedAt: row.recorded_at } : null;
}

/** One version of a fact as it is stored. */
export interface FactRow {
  row: number;
  type: string;
  id: string;
  version: number;
  label: string;
  reported_on: string | null;
  retracted: string | null;
  body: string;
  revision: number;
  recorded_at: string;
}

/** Whether a version is current at `revision`. */
const current =
  (revision: number) => (eb: ExpressionBuilder<{ f: { rev_from: number; rev_to: number } }, 'f'>) =>
    eb.and([eb('f.rev_from', '<=', revision), eb('f.rev_to', '>', revision)]);

/** The versions that are current at `revision`, with what an answer needs of them. */
export const factsAt = (db: Reader, revision: number) =>
  db
    .selectFrom('fact as f')
    .select((eb) => [
      'f.row',
      'f.type',
      'f.id',
      'f.version',
      'f.label',
      'f.reported_on',
      'f.retracted',
      'f.body',
      'f.rev_from as revision',
      // Not a join: SQLite would have to be kept from starting at the revisions.
      eb
        .selectFrom('revision')
        .select('recorded_at')
        .whereRef('n', '=', 'f.rev_from')
        .$asScalar()
        .$notNull()
        .as('recorded_at'),
    ])
    .where(current(revision) as never);

export function findFact(
  db: Reader,
  revision: number,
  { type, id }: Reference,
): Promise<FactRow | undefined> {
  return factsAt(db, revision).where('f.type', '=', type).where('f.id', '=', id).executeTakeFirst();
}

/** The text of a document as it was received by `revision`; the fact of the document must be there. */
export async function sourceAt(db: Reader, revision: number, document: string): Promise<string> {
  const { source } = await db
    .selectFrom('dossier')
    .select('source')
    .where('id', '=', document)
    .where('rev_from', '<=', revision)
    // Of a dossier that was deleted the text is kept, as its facts are.
    .orderBy('rev_from', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return source;
}

/** What a reference shows of the fact that it leads to. */
export interface Label {
  label: string;
  /** Of documents only. */
  body: string | null;
}

/** References looked up in one statement: an ordinary page takes one, and none more parameters than a store has. */
const LABELS_BATCH = 5_000;

/** The label of each of these facts, and of documents the body too; by `type/id`. */
export async function labelsOf(
  db: Reader,
  revision: number,
  references: Reference[],
): Promise<Map<string, Label>> {
  const found = new Map<string, Label>();
  const distinct = [...new Map(references.map((reference) => [keyOf(reference), reference])).values()];
  for (const batch of batches(distinct, LABELS_BATCH)) {
    const byType = Map.groupBy(batch, ({ type }) => type);
    const rows = await db
      .selectFrom('fact as f')
      .select((eb) => [
        'f.type',
        'f.id',
        'f.label',
        eb.case().when('f.type', '=', 'document').then(eb.ref('f.body')).end().as('body'),
      ])
      .where(current(revision) as never)
      .where((eb) =>
        eb.or(
          [...byType].map(([type, of]) =>
            eb.and([
              eb('f.type', '=', type),
              eb(
                'f.id',
                'in',
                of.map(({ id }) => id),
              ),
            ]),
          ),
        ),
      )
      .execute();
    for (const { type, id, label, body } of rows) found.set(keyOf({ type, id }), { label, body });
  }
  return found;
}
