/** Types of the tables for Kysely; ARCHITECTURE.md describes the purpose of each table. */
import type { Generated } from 'kysely';
import type { Cause } from '../model/change.ts';

/** Value of `rev_to` for a version that is still current. */
export const CURRENT = 2_147_483_647;

export interface Tables {
  migration: { name: string; applied_at: string };
  /** Settings of the store itself, such as the fingerprint of the synonyms in its search index. */
  setting: { name: string; value: string };
  revision: {
    n: number;
    recorded_at: string;
    author: string;
    note: string;
    reviewer: string | null;
    /** Id of the dossier that was imported, deleted or redacted. */
    dossier: string | null;
    action: Generated<'import' | 'delete' | 'redact'>;
    /** Newest revision up to this one that redacted a text; 0 if there is none. */
    redaction: Generated<number>;
  };
  dossier: {
    id: string;
    rev_from: number;
    rev_to: number;
    sha256: string;
    source: string;
    facts: string;
    /** All sections of `facts` as JSON, the empty ones too. */
    as_json: string;
    /**
     * Validated content as JSON without the words of the text; only if redacted, with the other three empty.
     */
    checked: string | null;
  };
  key: {
    id: string;
    name: string;
    /** Scopes separated by spaces. */
    scopes: string;
    /** SHA-256 of the complete key, in hexadecimal; the key itself is not stored. */
    sha256: string;
    created_at: string;
    expires_at: string | null;
    revoked_at: string | null;
  };
  identity: { type: string; id: string; renamed_to: string | null };
  fact: {
    row: Generated<number>;
    type: string;
    id: string;
    version: number;
    rev_from: number;
    rev_to: number;
    label: string;
    reported_on: string | null;
    retracted: string | null;
    document: string;
    body: string;
    cause: Cause;
    reason: string | null;
  };
  /**
   * Contributions of dossiers to a fact: `{ base }` is the body from its home dossier, `{ amendments }` are
   * those of another dossier. Only amended facts have rows. Amendments apply in the order of `day`,
   * `first_rev`, `document`.
   */
  contribution: {
    type: string;
    id: string;
    document: string;
    /** Publication date of the document; if it is unknown, the day on which it was first recorded. */
    day: string;
    /** Revision that first imported the dossier. */
    first_rev: number;
    body: string;
  };
  term: {
    type: string;
    field: string;
    value: string;
    id: string;
    rev_from: number;
    rev_to: number;
    row: number;
    ref_type: string | null;
  };
  span: { document: string; start_at: number; end_at: number; row: number };
}
