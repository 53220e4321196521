/** What an answer was read at. */
export interface Snapshot {
  /** 0 of an empty store. */
  revision: number;
  /** The newest revision there is. */
  latestRevision: number;
  latestRecordedAt: string | null;
  recordedAt: string | null;
  /** Whether the answer is the same for ever, because the request names the revision. */
  immutable: boolean;
  /** The newest revision that redacted a text, 0 if there is none: it has changed what revisions before it answer. */
  redaction: number;
  /** Whether `recordedAt`, in whole seconds, tells this revision from the one before it, and nothing has changed its answers since. */
  lastModifiedIsReliable: boolean;
}
