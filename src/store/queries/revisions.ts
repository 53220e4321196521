/** Queries for revisions, by number, by time and the newest. */
import { sql } from 'kysely';
import { getDataVersion, query, type Reader } from '../database.ts';
import {
  type LatestRevision,
  type LatestRevisionRow,
  type Revision,
  toLatestRevision,
} from '../latest-revision.ts';
import { CURRENT } from '../schema.ts';

/** The newest revision, or null of an empty store. Every answer begins with it. */
export async function latestRevision(db: Reader): Promise<LatestRevision | null> {
  const version = getDataVersion(db);
  const cached = latestByReader.get(db);
  if (version !== null && cached?.version === version) return cached.latest;
  const latest = toLatestRevision(await query(db, LATEST_REVISION_STATEMENT));
  if (version !== null) latestByReader.set(db, { version, latest });
  return latest;
}

const latestByReader = new WeakMap<Reader, { version: number; latest: LatestRevision | null }>();

const LATEST_REVISION_STATEMENT = sql<LatestRevisionRow>`select n, recorded_at, redaction from revision order by n desc limit 2`;

export async function findRevisionByNumber(db: Reader, n: number): Promise<Revision | null> {
  // Larger numbers are no integers to PostgreSQL.
  if (n >= CURRENT) return null;
  const [row] = await query(
    db,
    sql<{ n: number; recorded_at: string }>`select n, recorded_at from revision where n = ${n}`,
  );
  return row ? { n: row.n, recordedAt: row.recorded_at } : null;
}

/** The newest revision that was recorded at `instant` or before. */
export async function findRevisionAt(db: Reader, instant: Date): Promise<Revision | null> {
  // Recorded in the order of their numbers, so that one index has both.
  const [row] = await query(
    db,
    sql<{ n: number; recorded_at: string }>`select n, recorded_at from revision
      where recorded_at <= ${instant.toISOString()} order by recorded_at desc, n desc limit 1`,
  );
  return row ? { n: row.n, recordedAt: row.recorded_at } : null;
}
