/** Revision that a response was read at. */
export interface Snapshot {
  /** 0 for an empty store. */
  revision: number;
  /** Newest revision of the store. */
  latestRevision: number;
  latestRecordedAt: string | null;
  recordedAt: string | null;
  /** True if the request names the revision, so that only a redaction can change the response. */
  immutable: boolean;
  /** Newest revision that redacted a text, 0 if there is none. It changed the responses of earlier ones. */
  redaction: number;
  /**
   * True if `recordedAt`, in whole seconds, distinguishes this revision from the previous one, and nothing
   * has changed the responses since.
   */
  lastModifiedIsReliable: boolean;
}
