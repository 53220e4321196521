/** Newest revision of a store, as every read begins with it. */

/** A revision as every answer names it. */
export interface Revision {
  n: number;
  recordedAt: string;
}

export interface LatestRevision extends Revision {
  /** The newest revision that redacted a text; 0 if there is none. */
  redaction: number;
  /** When the revision before it was recorded: two in one second cannot be told apart by Last-Modified. */
  previousRecordedAt: string | null;
}

/** Row of the table `revision`. */
export type LatestRevisionRow = { n: number; recorded_at: string; redaction: number };

/** The newest revision, of the two newest rows. */
export function toLatestRevision([latest, previous]: LatestRevisionRow[]): LatestRevision | null {
  if (!latest) return null;
  return {
    n: latest.n,
    recordedAt: latest.recorded_at,
    redaction: latest.redaction,
    previousRecordedAt: previous?.recorded_at ?? null,
  };
}
