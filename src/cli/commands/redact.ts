import type { Command } from 'commander';
import type { RedactOptions } from '../redact.ts';
import { addJsonOptionAndHelp, parseNonEmpty } from './options.ts';

/** `summit-facts redact` */
export function redactCommand(program: Command): void {
  const command = program
    .command('redact')
    .description('remove a text and its quotations, history included')
    .argument('<document>', 'the id of the document, which is also the id of its dossier')
    .requiredOption(
      '--reason <text>',
      'why the text is removed; stored permanently and shown to all readers',
      parseNonEmpty,
    )
    .option('--author <name>', 'the person or desk responsible for the redaction', 'command line')
    .option('--yes', 'do not ask for confirmation; required without a terminal')
    .action(async (document: string, options: RedactOptions) => {
      if (!options.yes && !process.stdin.isTTY) {
        command.error('error: no terminal to ask for confirmation: use --yes', { exitCode: 2 });
      }
      await (await import('../redact.ts')).confirmAndRedact(document, options);
    });
  addJsonOptionAndHelp(command, [
    "summit-facts redact riga-2031-05-02 --reason 'Court order 7 O 12/31'",
    "summit-facts redact riga-2031-05-02 --reason 'Court order 7 O 12/31' --yes --json",
  ]);
}
