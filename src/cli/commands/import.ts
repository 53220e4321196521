import type { Command } from 'commander';
import type { ImportFoldersOptions } from '../import.ts';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts import` */
export function importCommand(program: Command): void {
  const command = program
    .command('import')
    .description('import dossier folders into the store that DATABASE_URL names, one revision each')
    .argument('<folder...>', 'a dossier folder, or a folder of them')
    .option('--author <name>', 'who answers for the import', 'command line')
    .option('--reviewer <name>', 'who looked it over')
    .option('--note <text>', 'what the import is about, and why facts are corrected')
    .action(async (paths: string[], options: ImportFoldersOptions) =>
      (await import('../import.ts')).importFolders(paths, options),
    );
  addJsonOptionAndHelp(command, [
    'summit-facts import db/dossiers',
    "summit-facts import --author 'the desk' --note 'The post has another title' db/dossiers/brussels-2022-03-24",
    'summit-facts import --json db/dossiers',
  ]);
}
