import type { Command } from 'commander';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts backup` */
export function backupCommand(program: Command): void {
  const command = program
    .command('backup')
    .description('copy a SQLite database while servers keep writing; use pg_dump for PostgreSQL')
    .argument('<file>', 'the file to write')
    .option('--force', 'replace an existing file')
    .action(async (file: string, options: { force?: boolean; json?: boolean }) =>
      (await import('../backup.ts')).backupStore(file, options),
    );
  addJsonOptionAndHelp(command, [
    'summit-facts backup /var/backups/facts.sqlite',
    'DATABASE_URL=file:/var/lib/facts/store.sqlite summit-facts backup --force /var/backups/facts.sqlite',
  ]);
}
