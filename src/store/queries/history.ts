/** What was recorded when, by whom and why: revisions, the versions of a fact, and the changes between them. */
import type { Selectable } from 'kysely';
import { batches } from '../../lib/chunk.ts';
import type { Cause } from '../../model/change.ts';
import { keyOf } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../database.ts';
import type { Tables } from '../schema.ts';
import { earlierIds, renamedOf, withEarlierIds } from './identities.ts';

export type RevisionRow = Omit<Selectable<Tables['revision']>, 'redaction'>;

/** The revisions up to `revision`, the newest first, after the place given. */
export function findRevisions(
  db: Reader,
  revision: number,
  after: number | null,
  limit: number,
): Promise<RevisionRow[]> {
  return db
    .selectFrom('revision')
    .select(['n', 'recorded_at', 'author', 'reviewer', 'note', 'dossier', 'action'])
    .where('n', '<=', after === null ? revision : after - 1)
    .orderBy('n', 'desc')
    .limit(limit)
    .execute();
}

export interface CauseCount {
  revision: number;
  cause: Cause;
  count: number;
}

/** How many versions each of these revisions made, by cause. */
export async function countChanges(db: Reader, revisions: number[]): Promise<CauseCount[]> {
  if (revisions.length === 0) return [];
  const rows = await db
    .selectFrom('fact')
    .select((eb) => ['rev_from as revision', 'cause', eb.fn.countAll<number>().as('count')])
    .where('rev_from', 'in', revisions)
    .groupBy(['rev_from', 'cause'])
    .execute();
  return rows.map(({ count, ...row }) => ({ ...row, count: Number(count) }));
}

/** A version with the one before it, and the revision that made it. */
export interface ChangeRow {
  row: number;
  type: string;
  id: string;
  version: number;
  label: string;
  reported_on: string | null;
  retracted: string | null;
  body: string;
  cause: Cause;
  reason: string | null;
  revision: number;
  recorded_at: string;
  author: string;
  reviewer: string | null;
  note: string;
  /** The dossier that brought the revision. */
  dossier: string | null;
  previous: PreviousRow | null;
}

type PreviousRow = Pick<
  Tables['fact'],
  'type' | 'id' | 'version' | 'label' | 'reported_on' | 'retracted' | 'body'
>;

/** Which changes are asked for; an empty list asks for none, null for all. */
export interface ChangeQuestion {
  /** Only later revisions than this one. */
  after: number;
  types: string[] | null;
  facts: Reference[] | null;
  documents: string[] | null;
  causes: Cause[] | null;
  newestFirst: boolean;
}

/** Where a page of changes ended: rows are numbered as they are made, so within a revision they go by their number. */
export interface ChangePlace {
  revision: number;
  row: number;
}

/** The changes up to `revision`, in the order in which they were made or the other way round, after the place given. */
export async function findChanges(
  db: Reader,
  revision: number,
  question: ChangeQuestion,
  after: ChangePlace | null,
  limit: number,
): Promise<ChangeRow[]> {
  const { types, facts, documents, causes, newestFirst } = question;
  let query = changes(db);
  // The place is one bound of the range, not a further condition: the index on the pair starts right there.
  if (after === null || newestFirst) query = query.where('f.rev_from', '>', question.after);
  if (after === null || !newestFirst) query = query.where('f.rev_from', '<=', revision);
  if (after) {
    const further = newestFirst ? '<' : '>';
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('f.rev_from', 'f.row'), further, tuple(after.revision, after.row)),
    );
  }
  if (types) query = query.where('f.type', 'in', types);
  if (causes) query = query.where('f.cause', 'in', causes);
  if (facts) {
    const renamed = await renamedOf(db, facts);
    const known = await withEarlierIds(
      db,
      facts.map((fact) => renamed.get(keyOf(fact)) ?? fact),
    );
    query = query.where((eb) => eb.or(known.map(({ type, id }) => eb.and({ 'f.type': type, 'f.id': id }))));
  }
  if (documents) query = query.where('f.row', 'in', rowsOfDocuments(db, documents));
  const direction = newestFirst ? 'desc' : 'asc';
  const rows = await query
    .orderBy('f.rev_from', direction)
    .orderBy('f.row', direction)
    .limit(limit)
    .execute();
  return withPrevious(db, rows);
}

/** The versions of facts of these documents, and those that their dossiers brought: an index for each, as none serves "or". */
const rowsOfDocuments = (db: Reader, documents: string[]) =>
  db
    .selectFrom('fact')
    .select('row')
    .where('document', 'in', documents)
    .union(
      db
        .selectFrom('fact')
        .select('row')
        .where('rev_from', 'in', db.selectFrom('revision').select('n').where('dossier', 'in', documents)),
    );

/** The versions of a fact up to `revision`, those under earlier ids too, the oldest first. */
export async function findVersions(
  db: Reader,
  revision: number,
  fact: Reference,
  after: number | null,
  limit: number,
): Promise<ChangeRow[]> {
  const known = await withEarlierIds(db, [fact]);
  const rows = await changes(db)
    .where('f.rev_from', '<=', revision)
    .where('f.version', '>', after ?? 0)
    .where((eb) => eb.or(known.map(({ type, id }) => eb.and({ 'f.type': type, 'f.id': id }))))
    .orderBy('f.version')
    .limit(limit)
    .execute();
  return withPrevious(db, rows);
}

const changes = (db: Reader) =>
  db
    .selectFrom('fact as f')
    .innerJoin('revision as r', 'r.n', 'f.rev_from')
    .select([
      'f.row',
      'f.type',
      'f.id',
      'f.version',
      'f.label',
      'f.reported_on',
      'f.retracted',
      'f.body',
      'f.cause',
      'f.reason',
      'f.rev_from as revision',
      'r.recorded_at',
      'r.author',
      'r.reviewer',
      'r.note',
      'r.dossier',
    ]);

async function withPrevious(db: Reader, rows: Omit<ChangeRow, 'previous'>[]): Promise<ChangeRow[]> {
  const later = rows.filter(({ version }) => version > 1);
  const earlier = await earlierIds(db, later);
  const found = new Map<string, PreviousRow>();
  // A fact that was renamed has its version before under another id.
  const wanted = later.flatMap((row) =>
    [row, ...(earlier.get(keyOf(row)) ?? [])].map(({ type, id }) => ({ type, id, version: row.version - 1 })),
  );
  for (const batch of batches(wanted)) {
    const previous = await db
      .selectFrom('fact')
      .select(['type', 'id', 'version', 'label', 'reported_on', 'retracted', 'body'])
      .where((eb) => eb.or(batch.map(({ type, id, version }) => eb.and({ type, id, version }))))
      .execute();
    for (const row of previous) found.set(`${keyOf(row)} ${row.version}`, row);
  }
  return rows.map((row) => {
    const ids = [row, ...(earlier.get(keyOf(row)) ?? [])];
    const previous = ids.flatMap((fact) => found.get(`${keyOf(fact)} ${row.version - 1}`) ?? [])[0] ?? null;
    return { ...row, previous };
  });
}
