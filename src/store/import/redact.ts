/** The one exception to "nothing disappears": the words of a text are taken out of the store, history included. */

import { checkedWithoutWords } from '../../dossier/redacted.ts';
import { checkDossier, type DossierContent } from '../../dossier/validate.ts';
import { keyOf } from '../../model/fact-body.ts';
import { placeholders } from '../../model/redaction.ts';
import { asReader, type Reader, type Writer } from '../database.ts';
import type { Store } from '../open.ts';
import { redactionOf } from '../queries/dossiers.ts';
import { type ImportOptions, insertRevision } from './import-dossier.ts';
import { rebuild } from './reindex.ts';

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
export class CannotRedact extends Error {}

/** Takes a text and its spans out of the store as one revision. The facts stay, with placeholders for its words. */
export async function redactDocument(
  store: Store,
  id: string,
  { author, reason, reviewer = null, now = () => new Date() }: RedactionOptions,
): Promise<RedactionOutcome> {
  const outcome = await store.write(async (db) => {
    const before = await redactionOf(asReader(db), id);
    if (before) return { before };
    const contents = await contentsOf(asReader(db), id);
    if (contents.length === 0) throw new CannotRedact(`there is no document ${id} in the store`);
    const told = { author, reviewer, note: reason, dossier: id, action: 'redact' as const };
    const revision = await insertRevision(db, told, now);
    await blank(db, id, contents);
    await rebuild(db, store.synonyms);
    return { revision, ...counted(contents.map(({ content }) => content)) };
  });
  // Also where that was done before: it may have been cut short by then.
  await forget(store, id);
  if ('revision' in outcome) return outcome;
  const { before } = outcome;
  throw new CannotRedact(
    `the text of ${id} is redacted already, by revision ${before.revision} (${before.reason})`,
  );
}

interface StoredContent {
  rev_from: number;
  content: DossierContent;
}

/** What each version of the dossier says, the oldest first. */
async function contentsOf(db: Reader, id: string): Promise<StoredContent[]> {
  const rows = await db
    .selectFrom('dossier')
    .select(['rev_from', 'source', 'facts'])
    .where('id', '=', id)
    .orderBy('rev_from')
    .execute();
  const contents: StoredContent[] = [];
  for (const { rev_from, ...files } of rows) {
    // What it refers to was there when it came.
    const { dossier, problems } = await checkDossier(
      { id, ...files },
      async (all) => new Set(all.map(keyOf)),
    );
    if (!dossier)
      throw new Error(`revision ${rev_from}: dossier ${id} no longer passes: ${problems[0]?.message}`);
    contents.push({ rev_from, content: dossier });
  }
  return contents;
}

/** The same words get the same placeholder in every version, so that the same facts differ as before. */
async function blank(db: Writer, id: string, contents: StoredContent[]): Promise<void> {
  const placeholder = placeholders();
  for (const { rev_from, content } of contents) {
    await db
      .updateTable('dossier')
      .set({ source: '', facts: '', as_json: '', checked: checkedWithoutWords(content, placeholder) })
      .where('id', '=', id)
      .where('rev_from', '=', rev_from)
      .execute();
  }
}

function counted(contents: DossierContent[]): Omit<RedactionOutcome, 'revision'> {
  const facts = new Set<string>();
  const spans = new Set<string>();
  const carried = contents.flatMap((content) => [
    ...content.facts.map((fact) => ({ key: keyOf(fact), evidence: fact.body.evidence ?? [] })),
    ...content.amendments.map(({ fact, evidence }) => ({ key: keyOf(fact), evidence })),
  ]);
  for (const { key, evidence } of carried) {
    for (const { start, end, exact } of evidence) {
      facts.add(key);
      spans.add(`${start} ${end} ${exact}`);
    }
  }
  return { versions: contents.length, facts: facts.size, spans: spans.size };
}

async function forget(store: Store, id: string): Promise<void> {
  try {
    await store.forget();
  } catch (cause) {
    const message = `the text of ${id} is redacted, but the file of the store may still hold its words: run the command again`;
    throw new Error(message, { cause });
  }
}
