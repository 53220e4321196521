import type { Command } from 'commander';
import type { CheckOptions } from '../check.ts';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts check` */
export function checkCommand(program: Command): void {
  const command = program
    .command('check')
    .description('hold dossiers against their sources; nothing is written')
    .argument('<path...>', 'a dossier folder, or a folder of them')
    .option('--store', 'tell what an import into the store that DATABASE_URL names would do')
    .option('--note <text>', 'with --store: the note that the import would have')
    .action(async (paths: string[], options: CheckOptions, thisCommand: Command) => {
      if (options.note !== undefined && !options.store)
        thisCommand.error('error: --note is for --store only');
      return (await import('../check.ts')).checkDossiers(paths, options);
    });
  addJsonOptionAndHelp(command, [
    'summit-facts check db/dossiers',
    'summit-facts check --json db/dossiers/brussels-2022-03-24',
    "summit-facts check --store --note 'The post has another title' db/dossiers/brussels-2022-03-24",
  ]);
}
