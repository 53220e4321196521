import { sql } from 'kysely';
import { getDataVersion, query, type Reader } from '../database.ts';
import {
  LATEST_REVISION_SQL,
  type LatestRevision,
  type LatestRevisionRow,
  type Revision,
  toLatestRevision,
} from '../latest-revision.ts';
import { CURRENT } from '../schema.ts';

/** Returns the newest revision, or null for an empty store. Every response needs it, so it is cached. */
export async function latestRevision(db: Reader): Promise<LatestRevision | null> {
  const version = getDataVersion(db);
  const cached = latestByReader.get(db);
  if (version !== null && cached?.version === version) return cached.latest;
  const latest = toLatestRevision(await query(db, LATEST_REVISION_STATEMENT));
  if (version !== null) latestByReader.set(db, { version, latest });
  return latest;
}

const latestByReader = new WeakMap<Reader, { version: number; latest: LatestRevision | null }>();

const LATEST_REVISION_STATEMENT = sql.raw<LatestRevisionRow>(LATEST_REVISION_SQL);

export async function findRevisionByNumber(db: Reader, n: number): Promise<Revision | null> {
  // PostgreSQL fails for larger numbers, which do not fit an integer.
  if (n >= CURRENT) return null;
  const [row] = await query(
    db,
    sql<Revision>`select n, recorded_at as "recordedAt" from revision where n = ${n}`,
  );
  return row ?? null;
}

/** Finds the newest revision that was recorded at or before `instant`. */
export async function findRevisionAt(db: Reader, instant: Date): Promise<Revision | null> {
  // Times ascend with the numbers, so one index provides both orders.
  const [row] = await query(
    db,
    sql<Revision>`select n, recorded_at as "recordedAt" from revision
      where recorded_at <= ${instant.toISOString()} order by recorded_at desc, n desc limit 1`,
  );
  return row ?? null;
}
