import { createInterface } from 'node:readline/promises';
import { type RedactionOutcome, redactDocument } from '../store/import/redact.ts';
import { Refused } from './errors.ts';
import { outputFor } from './output.ts';
import { withStoreThere } from './store.ts';

export interface RedactOptions {
  reason: string;
  author: string;
  yes?: boolean;
  json?: boolean;
}

/** `summit-facts redact <document>` */
export async function redact(
  document: string,
  { reason, author, yes = false, json = false }: RedactOptions,
): Promise<void> {
  if (!yes && !(await confirmed(document))) throw new Refused('Nothing was done.');
  await withStoreThere(async (store) => {
    const done = await redactDocument(store, document, { reason, author });
    const output = outputFor({ json });
    output.line(toldOf(document, done));
    output.document({ document, ...done });
  });
}

function toldOf(document: string, { revision, versions, facts, spans }: RedactionOutcome): string {
  const blanked = `${spans} spans of ${facts} facts, in ${versions} ${versions === 1 ? 'version' : 'versions'} of the dossier`;
  return `${document}: revision ${revision}, text taken out and blanked in ${blanked}
Not in this command's hands: the folder in git, backups, and answers that caches keep`;
}

async function confirmed(document: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const question = `The text of ${document} goes for good, history included. Type the id to go on: `;
    return (await terminal.question(question)).trim() === document;
  } finally {
    terminal.close();
  }
}
