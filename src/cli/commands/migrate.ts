import type { Command } from 'commander';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts migrate` */
export function migrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the store that DATABASE_URL names up to date, and make it if it is missing')
    .action(async (options: { json?: boolean }) => (await import('../store.ts')).migrateStore(options));
  addJsonOptionAndHelp(command, [
    'summit-facts migrate',
    "DATABASE_URL='postgres://editor@db.example.org/newsroom?schema=summit_facts' summit-facts migrate",
  ]);
}
