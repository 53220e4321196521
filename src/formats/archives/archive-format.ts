/** Files of all that anybody may read: what such a file is made of, and what a format of it declares. */
import type { FieldChange, Op } from '../../model/change.ts';
import type { Resource } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';

/** A revision as `/v1/revisions` has it. */
export interface WholeRevision {
  revision: number;
  recordedAt: string;
  author: string;
  reviewer?: string | undefined;
  note: string;
  action: string;
  dossier: string | null;
}

/** A change as `/v1/changes` has it. */
export interface WholeChange {
  revision: number;
  recordedAt: string;
  op: Op;
  cause: string;
  reason?: string | undefined;
  fact: { type: string; id: string; label: string };
  version: number;
  document: string | null;
  fields: FieldChange[];
}

/** A text that anybody may read whole. */
export interface WholeText {
  /** The id of the document. */
  document: string;
  text: string;
}

/** All there is at one revision, page by page; nothing else is in memory. */
export interface Whole {
  /** 0 of an empty store. */
  revision: number;
  /** When the revision was recorded; null of an empty store. */
  recordedAt: string | null;
  /** Where readers find the server, without a slash at the end. */
  publicUrl: string;
  /** The newest first. */
  revisions(): AsyncIterable<WholeRevision[]>;
  /** Those that were retracted too, by their ids. */
  facts(resource: Resource): AsyncIterable<Fact[]>;
  /** In the order in which they were recorded. */
  changes(): AsyncIterable<WholeChange[]>;
  texts(): AsyncIterable<WholeText[]>;
}

/** One format of such a file. */
export interface WholeFormat {
  /** What stands after the dot in the URL: `sqlite`, `ndjson.gz`. */
  extension: string;
  mediaType: string;
  operationId: string;
  summary: string;
  description: string;
  /** Writes the file at `path`, where there is none. */
  write(whole: Whole, path: string): Promise<void>;
}
