/** Redaction, the one exception to "nothing is deleted": removes the words of a text, history included. */

import { sql } from 'kysely';
import { serializeRedactedContent } from '../../dossier/redacted.ts';
import { type DossierContent, validateDossier } from '../../dossier/validate.ts';
import { refKey } from '../../model/fact-body.ts';
import { createRedactor } from '../../model/redaction.ts';
import { asReader, query, type Reader, type Writer } from '../database.ts';
import type { Store } from '../open.ts';
import { findRedaction } from '../queries/dossiers.ts';
import type { Tables } from '../schema.ts';
import { type ImportOptions, insertRevision } from './import-dossier.ts';
import { rebuildFacts } from './reindex.ts';

export interface RedactionOptions extends Pick<ImportOptions, 'author' | 'reviewer' | 'now'> {
  /** Public reason, which is never removed. */
  reason: string;
}

/** Number of redacted items in all versions of the dossier. */
export interface RedactionOutcome {
  revision: number;
  /** Versions of the dossier. */
  versions: number;
  facts: number;
  spans: number;
}

/** Permanent failure of a redaction: a retry will fail too. */
class RedactionError extends Error {}

/** Removes a text and its quotations as one revision. The facts stay, with placeholders for its words. */
export async function redactDocument(
  store: Store,
  id: string,
  { author, reason, reviewer = null, now = () => new Date() }: RedactionOptions,
): Promise<RedactionOutcome> {
  const outcome = await store.write(async (db) => {
    const earlier = await findRedaction(asReader(db), id);
    if (earlier) return { earlier };
    const contents = await loadContents(asReader(db), id);
    if (contents.length === 0) throw new RedactionError(`document ${id} not found`);
    const revisionInfo = { author, reviewer, note: reason, dossier: id, action: 'redact' as const };
    const revision = await insertRevision(db, revisionInfo, now);
    await redactContents(db, id, contents);
    await rebuildFacts(db, store.synonyms);
    return { revision, ...countRedacted(contents.map(({ content }) => content)) };
  });
  // Runs even if the text was redacted before: that redaction may have been interrupted before this step.
  await vacuumStore(store, id);
  if ('revision' in outcome) return outcome;
  const { earlier } = outcome;
  throw new RedactionError(
    `the text of ${id} is already redacted, by revision ${earlier.revision} (${earlier.reason})`,
  );
}

interface StoredContent {
  rev_from: number;
  content: DossierContent;
}

/** Loads the content of each version of the dossier, oldest first. */
async function loadContents(db: Reader, id: string): Promise<StoredContent[]> {
  const rows = await query(
    db,
    sql<Pick<Tables['dossier'], 'rev_from' | 'source' | 'facts'>>`select rev_from, source, facts from dossier
      where id = ${id} order by rev_from`,
  );
  const contents: StoredContent[] = [];
  for (const { rev_from, ...files } of rows) {
    // Its references existed when it was imported.
    const { dossier, problems } = await validateDossier(
      { id, ...files },
      async (references) => new Set(references.map(refKey)),
    );
    if (!dossier)
      throw new Error(`revision ${rev_from}: dossier ${id} is no longer valid: ${problems[0]?.message}`);
    contents.push({ rev_from, content: dossier });
  }
  return contents;
}

/** Replaces equal words by equal placeholders, so that the versions of a fact still differ as before. */
async function redactContents(db: Writer, id: string, contents: StoredContent[]): Promise<void> {
  const placeholder = createRedactor();
  for (const { rev_from, content } of contents) {
    await db
      .updateTable('dossier')
      .set({ source: '', facts: '', as_json: '', checked: serializeRedactedContent(content, placeholder) })
      .where('id', '=', id)
      .where('rev_from', '=', rev_from)
      .execute();
  }
}

function countRedacted(contents: DossierContent[]): Omit<RedactionOutcome, 'revision'> {
  const facts = new Set<string>();
  const spans = new Set<string>();
  const evidenceByFact = contents.flatMap((content) => [
    ...content.facts.map((fact) => ({ key: refKey(fact), evidence: fact.body.evidence ?? [] })),
    ...content.amendments.map(({ fact, evidence }) => ({ key: refKey(fact), evidence })),
  ]);
  for (const { key, evidence } of evidenceByFact) {
    for (const { start, end, exact } of evidence) {
      facts.add(key);
      spans.add(`${start} ${end} ${exact}`);
    }
  }
  return { versions: contents.length, facts: facts.size, spans: spans.size };
}

async function vacuumStore(store: Store, id: string): Promise<void> {
  try {
    await store.vacuum();
  } catch (cause) {
    const message = `the text of ${id} is redacted, but the database file may still contain its words: run the command again`;
    throw new Error(message, { cause });
  }
}
