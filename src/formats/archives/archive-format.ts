/** Archives of all public data: their contents, and the declaration of an archive format. */
import type { ChangeOperation, FieldChange } from '../../model/change.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';

/** Revision as in `/v1/revisions`. */
export interface ArchiveRevision {
  revision: number;
  recordedAt: string;
  author: string;
  reviewer?: string | undefined;
  note: string;
  action: string;
  dossier: string | null;
}

/** Change as in `/v1/changes`. */
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

/** Text whose rights allow everyone to read it in full. */
export interface ArchiveText {
  /** Id of the document. */
  document: string;
  text: string;
}

/** All data of one revision, read page by page so that only one page is in memory. */
export interface ArchiveData {
  /** 0 for an empty store. */
  revision: number;
  /** Time when the revision was recorded; null for an empty store. */
  recordedAt: string | null;
  /** Public URL of the server, without a trailing slash. */
  publicUrl: string;
  /** Start of the links in facts: the public URL if it is configured, otherwise empty. */
  linkBase: string;
  /** Newest first. */
  readRevisions(): AsyncIterable<ArchiveRevision[]>;
  /** Sorted by id, including retracted facts. */
  readFacts(factType: FactType): AsyncIterable<Fact[]>;
  /** In the order of recording. */
  readChanges(): AsyncIterable<ArchiveChange[]>;
  readTexts(): AsyncIterable<ArchiveText[]>;
}

export interface ArchiveFormat {
  /** Part of the URL after the dot: `sqlite`, `ndjson.gz`. */
  extension: string;
  mediaType: string;
  operationId: string;
  summary: string;
  description: string;
  /** Writes the archive to a new file at `path`. */
  write(data: ArchiveData, path: string): Promise<void>;
}
