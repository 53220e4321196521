import type { Command } from 'commander';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts reindex` */
export function reindexCommand(program: Command): void {
  const command = program
    .command('reindex')
    .description('rebuild facts and index from the dossiers in the database; other writers wait meanwhile')
    .action(async (options: { json?: boolean }) => (await import('../store.ts')).reindexStore(options));
  addJsonOptionAndHelp(command, ['summit-facts reindex', 'summit-facts reindex --json']);
}
