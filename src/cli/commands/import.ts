import type { Command } from 'commander';
import type { ImportFoldersOptions } from '../import.ts';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts import` */
export function importCommand(program: Command): void {
  const command = program
    .command('import')
    .description(
      'import dossiers, one revision each, in the order that their references need; valid ones are imported even if others are refused',
    )
    .argument('<folder...>', 'a dossier folder, or a folder of dossier folders')
    .option('--author <name>', 'the person or desk responsible for the import', 'command line')
    .option('--reviewer <name>', 'the person who reviewed it')
    .option('--note <text>', 'the purpose of the import, and the reason for corrections')
    .action(async (paths: string[], options: ImportFoldersOptions) =>
      (await import('../import.ts')).importFolders(paths, options),
    );
  addJsonOptionAndHelp(command, [
    'summit-facts import db/dossiers',
    "summit-facts import --author 'the desk' --note 'The post has another title' db/dossiers/brussels-2022-03-24",
    'summit-facts import --json db/dossiers',
  ]);
}
