import type { Command } from 'commander';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts migrate` */
export function migrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('create the database that DATABASE_URL names, or migrate it to the current version')
    .action(async (options: { json?: boolean }) => (await import('../store.ts')).migrateStore(options));
  addJsonOptionAndHelp(command, [
    'summit-facts migrate',
    "DATABASE_URL='postgres://editor@db.example.org/newsroom?schema=summit_facts' summit-facts migrate",
  ]);
}
