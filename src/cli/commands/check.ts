import type { Command } from 'commander';
import type { CheckOptions } from '../check.ts';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts check` */
export function checkCommand(program: Command): void {
  const command = program
    .command('check')
    .description('validate dossiers against their sources')
    .argument('<path...>', 'a dossier folder, or a folder of dossier folders')
    .option(
      '--store',
      'also report what an import into the database that DATABASE_URL names would change; it is only read',
    )
    .option('--note <text>', 'with --store: the note of the import')
    .action(async (paths: string[], options: CheckOptions, thisCommand: Command) => {
      if (options.note !== undefined && !options.store)
        thisCommand.error('error: --note can only be used with --store');
      return (await import('../check.ts')).checkDossiers(paths, options);
    });
  addJsonOptionAndHelp(command, [
    'summit-facts check db/dossiers',
    'summit-facts check --json db/dossiers/brussels-2022-03-24',
    "summit-facts check --store --note 'The post has another title' db/dossiers/brussels-2022-03-24",
  ]);
}
