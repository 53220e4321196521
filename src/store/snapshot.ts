/** What an answer was read at. */
export interface Reading {
  /** 0 of an empty store. */
  revision: number;
  /** The newest revision there is. */
  newest: number;
  newestRecordedAt: string | null;
  recordedAt: string | null;
  /** Whether the answer is the same for ever, because the request names the revision. */
  pinned: boolean;
  /** The newest revision that redacted a text, 0 if there is none: it has changed what revisions before it answer. */
  redaction: number;
  /** Whether `recordedAt`, in whole seconds, tells this revision from the one before it, and nothing has changed its answers since. */
  dated: boolean;
}
