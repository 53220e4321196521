import type { Command } from 'commander';
import type { ExportOptions } from '../export.ts';
import { addJsonOptionAndHelp, createIntegerParser } from './options.ts';

const MAX_REVISION = 2_147_483_646;

/** `summit-facts export` */
export function exportCommand(program: Command): void {
  const command = program
    .command('export')
    .description(
      'write the dossiers of the store as folders that can be imported, word for word as they came',
    )
    .argument('<folder>', 'where they go, each in a folder of its own')
    .argument('[dossier...]', 'their ids; all of them if none is given')
    .option('--as-of <revision>', 'as they were at this revision', createIntegerParser(1, MAX_REVISION))
    .option('--force', 'write over files that hold something else')
    .action(async (folder: string, ids: string[], options: ExportOptions) =>
      (await import('../export.ts')).exportDossiers(folder, ids, options),
    );
  addJsonOptionAndHelp(command, [
    'summit-facts export /tmp/dossiers',
    'summit-facts export --as-of 1 /tmp/dossiers brussels-2022-03-24',
    'summit-facts export --force db/dossiers',
  ]);
}
