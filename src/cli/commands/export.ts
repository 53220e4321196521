import type { Command } from 'commander';
import type { ExportOptions } from '../export.ts';
import { addJsonOptionAndHelp, createIntegerParser } from './options.ts';

const MAX_REVISION = 2_147_483_646;

/** `summit-facts export` */
export function exportCommand(program: Command): void {
  const command = program
    .command('export')
    .description('write dossiers as folders, byte for byte as they were imported')
    .argument('<folder>', 'the folder to write to; each dossier gets a subfolder')
    .argument('[dossier...]', 'the ids of the dossiers; all if omitted')
    .option(
      '--as-of <revision>',
      'write the dossiers as of this revision',
      createIntegerParser(1, MAX_REVISION),
    )
    .option('--force', 'overwrite files that have other content')
    .action(async (folder: string, ids: string[], options: ExportOptions) =>
      (await import('../export.ts')).exportDossiers(folder, ids, options),
    );
  addJsonOptionAndHelp(command, [
    'summit-facts export /tmp/dossiers',
    'summit-facts export --as-of 1 /tmp/dossiers brussels-2022-03-24',
    'summit-facts export --force db/dossiers',
  ]);
}
