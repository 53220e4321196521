import { createInterface } from 'node:readline/promises';
import { readConfig } from '../config.ts';
import { openStore } from '../store/open.ts';
import { redactDocument } from '../store/redact.ts';
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
    const { revision, versions, facts, spans } = done;
    print(
      json
        ? JSON.stringify({ document, ...done })
        : `${document}: revision ${revision}, text blanked in ${versions} versions of the dossier, with ${spans} spans that carry ${facts} facts`,
    );
  } finally {
    await store.close();
  }
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
