/** The command line: `npm run summit-facts -- <command>`. Each command loads only what it needs. */
import { Command, Option } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { SCOPES } from '../store/keys.ts';
import { StoreUnavailable } from '../store/portable/index.ts';
import { expiry } from './expiry.ts';

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

const keys = program
  .command('keys')
  .description('make, list and revoke the keys that the API wants of those who write');

keys
  .command('create')
  .description('make a key; it is shown once')
  .requiredOption('--name <name>', 'who has it: the author of what it writes')
  .addOption(
    new Option(
      '--scope <scope...>',
      'write: to import and delete dossiers; read: to read texts marked excerpts',
    )
      .choices(SCOPES)
      .makeOptionMandatory(),
  )
  .addOption(
    new Option('--expires <when>', 'a day, an instant, a number of days such as 90d, or never')
      .argParser(expiry)
      .default(expiry('365d'), 'in a year'),
  )
  .option('--json', 'print {id, key, scopes, expiresAt}')
  .addHelpText(
    'after',
    '\nExamples:\n' +
      '  summit-facts keys create --name "news desk" --scope write --expires 90d\n' +
      '  summit-facts keys create --name "partner" --scope read --expires 2030-12-31 --json',
  )
  .action(async (options) => (await import('./keys.ts')).createKeyFor(options));

keys
  .command('list')
  .description('list the keys, without what they are')
  .option('--json', 'print a list')
  .addHelpText('after', '\nExample:\n  summit-facts keys list')
  .action(async (options) => (await import('./keys.ts')).printKeys(options));

keys
  .command('revoke')
  .description('make a key good for nothing, at once')
  .argument('<id>', 'the id of the key, as list shows it')
  .option('--json', 'print the key')
  .addHelpText('after', '\nExample:\n  summit-facts keys revoke 0123456789ab')
  .action(async (id: string, options) => (await import('./keys.ts')).revoke(id, options));

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
