import type { Command } from 'commander';
import type { RedactOptions } from '../redact.ts';
import { addJsonOptionAndHelp, parseNonEmpty } from './options.ts';

/** `summit-facts redact` */
export function redactCommand(program: Command): void {
  const command = program
    .command('redact')
    .description('take the text of a document and its spans out of the store for good, history included')
    .argument('<document>', 'the id of the document, which is that of its dossier')
    .requiredOption('--reason <text>', 'why; it stays, and everybody sees it', parseNonEmpty)
    .option('--author <name>', 'who answers for it', 'command line')
    .option('--yes', 'do not ask; needed where there is nobody to ask')
    .action(async (document: string, options: RedactOptions) => {
      if (!options.yes && !process.stdin.isTTY) {
        command.error('error: there is no terminal to ask on: give --yes', { exitCode: 2 });
      }
      await (await import('../redact.ts')).confirmAndRedact(document, options);
    });
  addJsonOptionAndHelp(command, [
    "summit-facts redact riga-2031-05-02 --reason 'Court order 7 O 12/31'",
    "summit-facts redact riga-2031-05-02 --reason 'Court order 7 O 12/31' --yes --json",
  ]);
}
