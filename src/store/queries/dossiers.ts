import { sql } from 'kysely';
import type { Redaction } from '../../model/redaction.ts';
import { query, type Reader } from '../database.ts';
import { and } from '../predicates.ts';
import { CURRENT, type Tables } from '../schema.ts';
import { isCurrentAt } from './facts.ts';

/** Version of a dossier as received. */
export interface StoredDossier {
  id: string;
  /** Revision that imported it. */
  revision: number;
  recordedAt: string;
  source: string;
  facts: string;
  /** All sections of `facts` as JSON, the empty ones too. */
  as_json: string;
}

/** Parses all sections of a dossier. */
export const parseSections = ({ as_json }: StoredDossier): Record<string, unknown> =>
  // Nothing remains of a redacted dossier.
  JSON.parse(as_json || '{}');

/** Finds the version of a dossier that was current at `revision`. */
export async function findDossierAt(
  db: Reader,
  revision: number,
  id: string,
): Promise<StoredDossier | undefined> {
  const [dossier] = await query(
    db,
    sql<StoredDossier>`select d.id, d.rev_from as revision, r.recorded_at as "recordedAt",
        d.source, d.facts, d.as_json
      from dossier as d join revision as r on r.n = d.rev_from
      where d.id = ${id} and ${isCurrentAt(revision, sql.raw('d'))}`,
  );
  return dossier;
}

/** Finds the current version of a dossier. */
export const findCurrentDossier = (db: Reader, id: string): Promise<StoredDossier | undefined> =>
  findDossierAt(db, CURRENT - 1, id);

/** Counts the facts of a dossier, including the document. */
export const countDossierFacts = (dossier: StoredDossier): number =>
  (parseSections(dossier)['facts'] as unknown[]).length + 1;

/** True if the store has or had a dossier with this id. */
export async function hasBeenImported(db: Reader, id: string): Promise<boolean> {
  const rows = await query(db, sql`select id from dossier where id = ${id} limit 1`);
  return rows.length > 0;
}

/** Finds the revision that redacted the text of a dossier in all its versions; undefined if none did. */
export async function findRedaction(db: Reader, id: string): Promise<Redaction | undefined> {
  const redactedVersions = await query(
    db,
    sql`select id from dossier where id = ${id} and checked is not null limit 1`,
  );
  // Few dossiers are redacted; only for these does the next query search all revisions.
  if (redactedVersions.length === 0) return undefined;
  const [redaction] = await query(
    db,
    sql<Redaction>`select n as revision, note as reason from revision
      where dossier = ${id} and action = 'redact' limit 1`,
  );
  return redaction;
}

/** Formats the problem of an import of another version after a redaction. */
export const formatRedactionMessage = (id: string, { revision, reason }: Redaction): string =>
  `the text of ${id} was redacted by revision ${revision} (${reason}): no version of it can be imported`;

/** Entry of the list of dossiers. */
export interface DossierRow {
  id: string;
  revision: number;
  recordedAt: string;
  sha256: string;
  title: string;
}

/** Finds the dossiers at `revision` by id, starting after the id `after`. */
export function findDossiers(
  db: Reader,
  revision: number,
  after: string | null,
  limit: number,
): Promise<DossierRow[]> {
  const predicate = and(
    sql`r.n = d.rev_from and f.type = 'document' and f.id = d.id`,
    after !== null && sql`d.id > ${after}`,
    isCurrentAt(revision, sql.raw('d')),
    isCurrentAt(revision),
  );
  // SQLite keeps the order of a cross join: it then reads along the index of dossiers.
  return query(
    db,
    sql<DossierRow>`select d.id, d.rev_from as revision, r.recorded_at as "recordedAt", d.sha256, f.label as title
      from dossier as d cross join revision as r cross join fact as f
      where ${predicate} order by d.id limit ${limit}`,
  );
}

/** Version of a dossier that was current at a revision. */
export interface DossierVersion {
  id: string;
  rev_from: number;
  /** True if its texts were removed from the store. */
  redacted: boolean;
}

type VersionRow = Pick<Tables['dossier'], 'id' | 'rev_from' | 'checked'>;

/** Finds all dossiers that were current at `revision`, in the order of their import. */
export async function findDossierVersionsAt(db: Reader, revision: number): Promise<DossierVersion[]> {
  const rows = await query(
    db,
    sql<VersionRow>`select d.id, d.rev_from, d.checked from dossier as d
      where ${isCurrentAt(revision, sql.raw('d'))} order by d.rev_from`,
  );
  return rows.map(({ id, rev_from, checked }) => ({ id, rev_from, redacted: checked !== null }));
}
