/** Data that the export loop loads into memory before it listens. */
import type Database from 'better-sqlite3';

/** Version of a fact in the form of its table row. */
export interface FactVersion {
  type: string;
  id: string;
  version: number;
  rev_from: number;
  label: string;
  reported_on: string | null;
  body: string;
}

export interface ExportLookups {
  serverUrl: string;
  /** JSON of references with their labels, by the stored JSON without the label. */
  references: Map<string, string>;
  /** JSON of documents in evidence, by the stored JSON of the reference. */
  documents: Map<string, string>;
  /** Labels by type and id. */
  labels: Map<string, Map<string, string>>;
  recordedAt: Map<number, string>;
}

/** Collections that the loop can export, by type. */
export const COLLECTIONS: Record<string, string> = { statement: 'statements', event: 'events' };

export function loadLookups(database: Database.Database): ExportLookups {
  const references = new Map<string, string>();
  const documents = new Map<string, string>();
  const labels = new Map<string, Map<string, string>>();
  const current = database.prepare(
    `select type, id, label, case when type = 'document' then body end as body from fact where rev_to = 2147483647`,
  );
  for (const each of current.iterate() as Iterable<Record<'type' | 'id' | 'label' | 'body', string>>) {
    const { type, id, label, body } = each;
    const reference = JSON.stringify({ type, id });
    references.set(reference, JSON.stringify({ type, id, label }));
    const labelsOfType = labels.get(type) ?? new Map<string, string>();
    labels.set(type, labelsOfType.set(id, label));
    if (!body) continue;
    const { sha256, publishedOn, url } = JSON.parse(body);
    documents.set(reference, JSON.stringify({ type, id, label, sha256, publishedOn, url }));
  }
  const revisions = database.prepare('select n, recorded_at from revision').raw().all();
  return {
    serverUrl: '',
    references,
    documents,
    labels,
    recordedAt: new Map(revisions as [number, string][]),
  };
}
