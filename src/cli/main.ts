/** The command line: `npm run summit-facts -- <command>`. */
import { Command } from 'commander';
import { version } from '../http/contract.ts';
import { check } from './check.ts';
import { generate } from './generate.ts';
import { importFolders } from './import.ts';
import { migrateStore, reindexStore } from './store.ts';

const program = new Command('summit-facts')
  .description('Facts about political summits, each with the exact words that carry it')
  .version(version)
  .showHelpAfterError();

program
  .command('check')
  .description('hold dossiers against their sources; nothing is written')
  .argument('<path...>', 'a dossier folder, or a folder of them')
  .action(check);

program
  .command('import')
  .description('import dossier folders into the store that DATABASE_URL names, one revision each')
  .argument('<folder...>', 'a dossier folder, or a folder of them')
  .option('--author <name>', 'who answers for the import', 'command line')
  .option('--note <text>', 'what the import is about', '')
  .action(importFolders);

program.command('migrate').description('bring the store up to date').action(migrateStore);

program
  .command('reindex')
  .description('rebuild the facts and the index of the store from its dossiers')
  .action(reindexStore);

program
  .command('generate')
  .description('write the files that follow from the code: OpenAPI documents and the dossier schema')
  .option('--check', 'write nothing; fail if a file is not what it should be')
  .action(generate);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
