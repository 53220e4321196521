/** The one exception to "nothing disappears": the words of a text are taken out of the store, history included. */

import { serializeRedactedContent } from '../../dossier/redacted.ts';
import { type DossierContent, validateDossier } from '../../dossier/validate.ts';
import { refKey } from '../../model/fact-body.ts';
import { createRedactor } from '../../model/redaction.ts';
import { asReader, type Reader, type Writer } from '../database.ts';
import type { Store } from '../open.ts';
import { findRedaction } from '../queries/dossiers.ts';
import { type ImportOptions, insertRevision } from './import-dossier.ts';
import { rebuildFacts } from './reindex.ts';

export interface RedactionOptions extends Pick<ImportOptions, 'author' | 'reviewer' | 'now'> {
  /** Why; it stays, and everybody sees it. */
  reason: string;
}

/** How much was blanked, over all versions that the store had. */
export interface RedactionOutcome {
  revision: number;
  /** Of the dossier. */
  versions: number;
  facts: number;
  spans: number;
}

/** What is asked for cannot be done, and asking again will not change that. */
export class RedactionError extends Error {}

/** Takes a text and its spans out of the store as one revision. The facts stay, with placeholders for its words. */
export async function redactDocument(
  store: Store,
  id: string,
  { author, reason, reviewer = null, now = () => new Date() }: RedactionOptions,
): Promise<RedactionOutcome> {
  const outcome = await store.write(async (db) => {
    const earlier = await findRedaction(asReader(db), id);
    if (earlier) return { earlier };
    const contents = await loadContents(asReader(db), id);
    if (contents.length === 0) throw new RedactionError(`there is no document ${id} in the store`);
    const revisionInfo = { author, reviewer, note: reason, dossier: id, action: 'redact' as const };
    const revision = await insertRevision(db, revisionInfo, now);
    await redactContents(db, id, contents);
    await rebuildFacts(db, store.synonyms);
    return { revision, ...countRedacted(contents.map(({ content }) => content)) };
  });
  // Also where that was done before: it may have been cut short by then.
  await vacuumStore(store, id);
  if ('revision' in outcome) return outcome;
  const { earlier } = outcome;
  throw new RedactionError(
    `the text of ${id} is redacted already, by revision ${earlier.revision} (${earlier.reason})`,
  );
}

interface StoredContent {
  rev_from: number;
  content: DossierContent;
}

/** What each version of the dossier says, the oldest first. */
async function loadContents(db: Reader, id: string): Promise<StoredContent[]> {
  const rows = await db
    .selectFrom('dossier')
    .select(['rev_from', 'source', 'facts'])
    .where('id', '=', id)
    .orderBy('rev_from')
    .execute();
  const contents: StoredContent[] = [];
  for (const { rev_from, ...files } of rows) {
    // What it refers to was there when it came.
    const { dossier, problems } = await validateDossier(
      { id, ...files },
      async (references) => new Set(references.map(refKey)),
    );
    if (!dossier)
      throw new Error(`revision ${rev_from}: dossier ${id} no longer passes: ${problems[0]?.message}`);
    contents.push({ rev_from, content: dossier });
  }
  return contents;
}

/** The same words get the same placeholder in every version, so that the same facts differ as before. */
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
    const message = `the text of ${id} is redacted, but the file of the store may still hold its words: run the command again`;
    throw new Error(message, { cause });
  }
}
