/** The command line: `npm run summit-facts -- <command>`. Each command loads only what it needs. */
import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { StoreUnavailable } from '../store/portable/index.ts';
import type { RedactOptions } from './redact.ts';

const program = new Command('summit-facts')
  .description('Facts about political summits, each with the exact words that carry it')
  .version(packageJson.version)
  .showHelpAfterError();

program
  .command('check')
  .description('hold dossiers against their sources; nothing is written')
  .argument('<path...>', 'a dossier folder, or a folder of them')
  .action(async (paths: string[]) => (await import('./check.ts')).check(paths));

program
  .command('import')
  .description('import dossier folders into the store that DATABASE_URL names, one revision each')
  .argument('<folder...>', 'a dossier folder, or a folder of them')
  .option('--author <name>', 'who answers for the import', 'command line')
  .option('--reviewer <name>', 'who looked it over')
  .option('--note <text>', 'what the import is about, and why facts are corrected')
  .action(async (paths: string[], options: { author: string; reviewer?: string; note?: string }) => {
    const { importFolders } = await import('./import.ts');
    await importFolders(paths, { ...options, note: options.note || null });
  });

program
  .command('migrate')
  .description('bring the store up to date')
  .action(async () => (await import('./store.ts')).migrateStore());

program
  .command('reindex')
  .description('rebuild the facts and the index of the store from its dossiers')
  .action(async () => (await import('./store.ts')).reindexStore());

program
  .command('redact')
  .description('take the text of a document and its spans out of the store for good, history included')
  .argument('<document>', 'the id of the document, which is that of its dossier')
  .requiredOption('--reason <text>', 'why; it stays, and everybody sees it')
  .option('--author <name>', 'who answers for it', 'command line')
  .option('--yes', 'do not ask; needed where there is nobody to ask')
  .option('--json', 'print what was blanked as JSON')
  .addHelpText('after', "\nExample:\n  summit-facts redact riga-2031-05-02 --reason 'Court order 7 O 12/31'")
  .action(async (document: string, options: RedactOptions, command: Command) => {
    if (options.reason.trim() === '') command.error('error: --reason must not be empty', { exitCode: 2 });
    if (!options.yes && !process.stdin.isTTY) {
      command.error('error: there is no terminal to ask on: give --yes', { exitCode: 2 });
    }
    await (await import('./redact.ts')).redact(document, options);
  });

program
  .command('generate')
  .description('write the files that follow from the code: OpenAPI documents and the dossier schema')
  .option('--check', 'write nothing; fail if a file is not what it should be')
  .action(async (options: { check?: boolean }) => (await import('./generate.ts')).generate(options));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${told(error)}\n`);
  // At once: a driver may still hold a socket to a server that waits for a password.
  process.exit(1);
}

/** What a store that does not answer keeps from strangers is for whoever sits here. */
function told(error: unknown): string {
  const { message = String(error), cause } = error as Partial<Error>;
  return error instanceof StoreUnavailable ? `${message} (${told(cause)})` : message;
}
