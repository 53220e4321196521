/** Citations of facts. */
import { type CitedDocument, documentToCsl, factToCsl } from '../../formats/citations/csl-json.ts';
import { type CitationStyleName, citationStyles } from '../../formats/citations/index.ts';
import { getSourceDocuments } from '../../formats/quoted-text.ts';
import { refKey } from '../../model/fact-body.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { findLabels } from '../../store/queries/facts.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

/** Returns citations of a fact at the revision and of its source documents. */
export async function citeFact(
  reader: SnapshotReader,
  fact: Fact,
  { style, publicUrl }: { style: CitationStyleName; publicUrl: string },
): Promise<string> {
  const sources = await loadCitedDocuments(reader, fact);
  const { revision } = reader.snapshot;
  return citationStyles[style].format([factToCsl(fact, revision, publicUrl), ...sources.map(documentToCsl)]);
}

/** Loads the source documents of a fact as described at the revision; of a document, the document itself. */
async function loadCitedDocuments(
  { db, snapshot: { revision } }: SnapshotReader,
  fact: Fact,
): Promise<CitedDocument[]> {
  const documents = fact.evidence === undefined ? [fact] : getSourceDocuments(fact);
  const labels = await findLabels(db, revision, documents);
  return documents.map((document) => {
    const { label, body } = labels.get(refKey(document)) ?? { label: document.id, body: null };
    const {
      publisher = null,
      publishedOn = null,
      language = null,
      url = null,
    } = body ? JSON.parse(body) : {};
    return { id: document.id, title: label, publisher, publishedOn, language, url };
  });
}
