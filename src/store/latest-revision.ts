/** Newest revision of a store, which every read looks up first. */

/** Revision as named in every response. */
export interface Revision {
  n: number;
  recordedAt: string;
}

export interface LatestRevision extends Revision {
  /** Number of the newest revision that redacted a text; 0 if there is none. */
  redaction: number;
  /** Time of the previous revision: Last-Modified cannot distinguish two revisions within one second. */
  previousRecordedAt: string | null;
}

/** Query for the two newest rows. */
export const LATEST_REVISION_SQL = 'select n, recorded_at, redaction from revision order by n desc limit 2';

/** Row of the table `revision`. */
export type LatestRevisionRow = { n: number; recorded_at: string; redaction: number };

/** Builds the newest revision from the two newest rows. */
export function toLatestRevision([latest, previous]: LatestRevisionRow[]): LatestRevision | null {
  if (!latest) return null;
  return {
    n: latest.n,
    recordedAt: latest.recorded_at,
    redaction: latest.redaction,
    previousRecordedAt: previous?.recorded_at ?? null,
  };
}
