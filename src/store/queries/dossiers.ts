/** Dossiers as they were received. */
import { sql } from 'kysely';
import type { Redaction } from '../../model/redaction.ts';
import { query, type Reader } from '../database.ts';
import { CURRENT } from '../schema.ts';
import { isCurrentAt } from './facts.ts';

/** What a store received as one dossier. */
export interface StoredDossier {
  id: string;
  /** The revision that brought it. */
  revision: number;
  recordedAt: string;
  source: string;
  facts: string;
  /** What `facts` says, as JSON, every section of it. */
  as_json: string;
}

/** What a dossier says, every section of it. */
export const parseSections = ({ as_json }: StoredDossier): Record<string, unknown> =>
  // Of a redacted one nothing is left.
  JSON.parse(as_json || '{}');

/** The dossier with this id as it stood at `revision`, if it did. */
export function findDossierAt(db: Reader, revision: number, id: string): Promise<StoredDossier | undefined> {
  return selectDossiers(db)
    .where('d.id', '=', id)
    .where('d.rev_from', '<=', revision)
    .where('d.rev_to', '>', revision)
    .executeTakeFirst();
}

/** The dossier with this id as it stands now. */
export const findCurrentDossier = (db: Reader, id: string): Promise<StoredDossier | undefined> =>
  findDossierAt(db, CURRENT - 1, id);

const selectDossiers = (db: Reader) =>
  db
    .selectFrom('dossier as d')
    .innerJoin('revision as r', 'r.n', 'd.rev_from')
    .select([
      'd.id',
      'd.rev_from as revision',
      'r.recorded_at as recordedAt',
      'd.source',
      'd.facts',
      'd.as_json',
    ]);

/** How many facts it gives, that of the document among them. */
export const countDossierFacts = (dossier: StoredDossier): number =>
  (parseSections(dossier)['facts'] as unknown[]).length + 1;

/** Whether the store has, or had, a dossier with this id. */
export async function hasBeenImported(db: Reader, id: string): Promise<boolean> {
  const row = await db.selectFrom('dossier').select('id').where('id', '=', id).limit(1).executeTakeFirst();
  return row !== undefined;
}

/** By which revision the text of this dossier was redacted, in all its versions, and why; undefined if it was not. */
export async function findRedaction(db: Reader, id: string): Promise<Redaction | undefined> {
  const redactedVersion = await db
    .selectFrom('dossier')
    .select('id')
    .where('id', '=', id)
    .where('checked', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  // Few are, and only they are looked for among all revisions.
  if (!redactedVersion) return undefined;
  return db
    .selectFrom('revision')
    .select(['n as revision', 'note as reason'])
    .where('dossier', '=', id)
    .where('action', '=', 'redact')
    .limit(1)
    .executeTakeFirst();
}

/** What whoever would import another version of it is told. */
export const formatRedactionMessage = (id: string, { revision, reason }: Redaction): string =>
  `the text of ${id} was redacted by revision ${revision} (${reason}): neither it nor another version is taken`;

/** A dossier in a list. */
export interface DossierRow {
  id: string;
  revision: number;
  recordedAt: string;
  sha256: string;
  title: string;
}

/** The dossiers at `revision` by their ids, after the one given. */
export function findDossiers(
  db: Reader,
  revision: number,
  after: string | null,
  limit: number,
): Promise<DossierRow[]> {
  const afterCursor = after === null ? sql`` : sql`and d.id > ${after}`;
  // In this order, which is that of the index of dossiers.
  return query(
    db,
    sql<DossierRow>`select d.id, d.rev_from as revision, r.recorded_at as "recordedAt", d.sha256, f.label as title
      from dossier as d cross join revision as r cross join fact as f
      where r.n = d.rev_from and f.type = 'document' and f.id = d.id ${afterCursor}
        and ${isCurrentAt(revision, sql.raw('d'))} and ${isCurrentAt(revision)}
      order by d.id limit ${limit}`,
  );
}

/** Which version of a dossier was current at a revision. */
export interface DossierVersion {
  id: string;
  rev_from: number;
  /** Whether its texts were taken out of the store. */
  redacted: boolean;
}

/** All dossiers that were current at `revision`, in the order in which they came. */
export async function findDossierVersionsAt(db: Reader, revision: number): Promise<DossierVersion[]> {
  const rows = await db
    .selectFrom('dossier')
    .select(['id', 'rev_from', 'checked'])
    .where('rev_from', '<=', revision)
    .where('rev_to', '>', revision)
    .orderBy('rev_from')
    .execute();
  return rows.map(({ id, rev_from, checked }) => ({ id, rev_from, redacted: checked !== null }));
}
