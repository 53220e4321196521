import { createInterface } from 'node:readline/promises';
import { readConfig } from '../config.ts';
import { openStore } from '../store/open.ts';
import { type RedactionOutcome, redactDocument } from '../store/redact.ts';
import { print } from './print.ts';

export interface RedactOptions {
  reason: string;
  author: string;
  yes?: true;
  json?: true;
}

/** `summit-facts redact <document>` */
export async function redact(document: string, { reason, author, yes, json }: RedactOptions): Promise<void> {
  if (!yes && !(await confirmed(document))) throw new Error('Nothing was done.');
  const { databaseUrl, postgres } = readConfig(process.env);
  const store = await openStore(databaseUrl, postgres);
  try {
    const done = await redactDocument(store, document, { reason, author });
    print(json ? JSON.stringify({ document, ...done }) : toldOf(document, done));
  } finally {
    await store.close();
  }
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
