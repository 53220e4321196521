/** Files of all that anybody may read: what such a file is made of, and what a format of it declares. */
import type { ChangeOperation, FieldChange } from '../../model/change.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';

/** A revision as `/v1/revisions` has it. */
export interface ArchiveRevision {
  revision: number;
  recordedAt: string;
  author: string;
  reviewer?: string | undefined;
  note: string;
  action: string;
  dossier: string | null;
}

/** A change as `/v1/changes` has it. */
export interface ArchiveChange {
  revision: number;
  recordedAt: string;
  op: ChangeOperation;
  cause: string;
  reason?: string | undefined;
  fact: { type: string; id: string; label: string };
  version: number;
  document: string | null;
  fields: FieldChange[];
}

/** A text that anybody may read whole. */
export interface ArchiveText {
  /** The id of the document. */
  document: string;
  text: string;
}

/** All there is at one revision, page by page; nothing else is in memory. */
export interface ArchiveData {
  /** 0 of an empty store. */
  revision: number;
  /** When the revision was recorded; null of an empty store. */
  recordedAt: string | null;
  /** Where readers find the server, without a slash at the end. */
  publicUrl: string;
  /** The newest first. */
  readRevisions(): AsyncIterable<ArchiveRevision[]>;
  /** Those that were retracted too, by their ids. */
  readFacts(factType: FactType): AsyncIterable<Fact[]>;
  /** In the order in which they were recorded. */
  readChanges(): AsyncIterable<ArchiveChange[]>;
  readTexts(): AsyncIterable<ArchiveText[]>;
}

/** One format of such a file. */
export interface ArchiveFormat {
  /** What stands after the dot in the URL: `sqlite`, `ndjson.gz`. */
  extension: string;
  mediaType: string;
  operationId: string;
  summary: string;
  description: string;
  /** Writes the file at `path`, where there is none. */
  write(data: ArchiveData, path: string): Promise<void>;
}
