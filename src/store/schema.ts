/** The tables as Kysely sees them; ARCHITECTURE.md says what each is for. */
import type { Generated } from 'kysely';
import type { Cause } from '../model/change.ts';

/** `rev_to` of a version that is still current. */
export const CURRENT = 2_147_483_647;

export interface Tables {
  migration: { name: string; applied_at: string };
  /** Small facts about the store itself, such as which search words it was built with. */
  setting: { name: string; value: string };
  revision: {
    n: number;
    recorded_at: string;
    author: string;
    note: string;
    reviewer: string | null;
    /** Whose facts it brought. */
    dossier: string | null;
    action: Generated<'import' | 'delete' | 'redact'>;
    /** The newest revision up to this one that redacted a text; 0 if there is none. */
    redaction: Generated<number>;
  };
  dossier: {
    id: string;
    rev_from: number;
    rev_to: number;
    sha256: string;
    source: string;
    facts: string;
    /** What `facts` says, as JSON, every section of it. */
    as_json: string;
    /** Only of a redacted one: what its check came to, as JSON without the words; the other three are empty. */
    checked: string | null;
  };
  /** Keys of the API. */
  key: {
    id: string;
    name: string;
    /** Joined by spaces. */
    scopes: string;
    /** Of the whole key, in hexadecimal: the key itself is kept nowhere. */
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
   * What is said about a fact of another dossier: by that one its own body, as `{ base }`, by others their amendments, as
   * `{ amendments }`. Only facts that are amended have rows. They are taken in the order of `day`, `first_rev`, `document`.
   */
  contribution: {
    type: string;
    id: string;
    document: string;
    /** When the document was published; if that is not known, the day it was first recorded. */
    day: string;
    /** The revision that first brought the dossier. */
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
