import { createInterface } from 'node:readline/promises';
import { formatCount } from '../lib/numbers.ts';
import { type RedactionOutcome, redactDocument } from '../store/import/redact.ts';
import { CommandError } from './errors.ts';
import { createOutput } from './output.ts';
import { withExistingStore } from './store.ts';

export interface RedactOptions {
  reason: string;
  author: string;
  yes?: boolean;
  json?: boolean;
}

/** `summit-facts redact <document>` */
export async function confirmAndRedact(
  document: string,
  { reason, author, yes = false, json = false }: RedactOptions,
): Promise<void> {
  if (!yes && !(await confirmRedaction(document))) throw new CommandError('Canceled: nothing was redacted.');
  await withExistingStore(async (store) => {
    const outcome = await redactDocument(store, document, { reason, author });
    const output = createOutput({ json });
    output.writeLine(formatOutcome(document, outcome));
    output.writeJson({ document, ...outcome });
  });
}

function formatOutcome(document: string, { revision, versions, facts, spans }: RedactionOutcome): string {
  const counts = `${formatCount(spans, 'span')} of ${formatCount(facts, 'fact')}, in ${formatCount(versions, 'version')} of the dossier`;
  return `${document}: revision ${revision}, text removed and replaced by placeholders in ${counts}
Not removed by this command: the folder in git, backups, and cached responses`;
}

async function confirmRedaction(document: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const prompt = `This removes the text of ${document} permanently, history included. Type the id to confirm: `;
    return (await terminal.question(prompt)).trim() === document;
  } finally {
    terminal.close();
  }
}
