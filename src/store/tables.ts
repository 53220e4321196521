/** The tables as Kysely sees them; DESIGN and ARCHITECTURE.md say what each is for. */
import type { Generated } from 'kysely';

/** `rev_to` of a version that is still current. */
export const OPEN_END = 2_147_483_647;

export interface Tables {
  migration: { name: string; applied_at: string };
  /** Small facts about the store itself, such as which search words it was built with. */
  setting: { name: string; value: string };
  revision: { n: number; recorded_at: string; author: string; note: string };
  dossier: { id: string; rev_from: number; rev_to: number; sha256: string; source: string; facts: string };
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
