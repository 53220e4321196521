/** Queries for revisions, by number, by time and the newest. */
import { sql } from 'kysely';
import { type Reader, rowsOf, versionRead } from '../database.ts';
import { type Newest, newestOf, type Revision, type RevisionRow } from '../latest-revision.ts';
import { OPEN_END } from '../schema.ts';

/** The newest revision, or null of an empty store. Every answer begins with it. */
export async function newestRevision(db: Reader): Promise<Newest | null> {
  const version = versionRead(db);
  const known = lastRead.get(db);
  if (version !== null && known?.version === version) return known.newest;
  const newest = newestOf(await rowsOf(db, NEWEST_ROWS));
  if (version !== null) lastRead.set(db, { version, newest });
  return newest;
}

const lastRead = new WeakMap<Reader, { version: number; newest: Newest | null }>();

const NEWEST_ROWS = sql<RevisionRow>`select n, recorded_at, redaction from revision order by n desc limit 2`;

export async function revisionByNumber(db: Reader, n: number): Promise<Revision | null> {
  // Larger numbers are no integers to PostgreSQL.
  if (n >= OPEN_END) return null;
  const [row] = await rowsOf(
    db,
    sql<{ n: number; recorded_at: string }>`select n, recorded_at from revision where n = ${n}`,
  );
  return row ? { n: row.n, recordedAt: row.recorded_at } : null;
}

/** The newest revision that was recorded at `instant` or before. */
export async function revisionAt(db: Reader, instant: Date): Promise<Revision | null> {
  // Recorded in the order of their numbers, so that one index has both.
  const [row] = await rowsOf(
    db,
    sql<{ n: number; recorded_at: string }>`select n, recorded_at from revision
      where recorded_at <= ${instant.toISOString()} order by recorded_at desc, n desc limit 1`,
  );
  return row ? { n: row.n, recordedAt: row.recorded_at } : null;
}
