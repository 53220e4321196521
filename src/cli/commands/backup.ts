import type { Command } from 'commander';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts backup` */
export function backupCommand(program: Command): void {
  const command = program
    .command('backup')
    .description('copy a SQLite store as it is at one moment, while servers go on writing to it')
    .argument('<file>', 'where the copy goes')
    .option('--force', 'replace what is there')
    .action(async (file: string, options: { force?: boolean; json?: boolean }) =>
      (await import('../backup.ts')).backupStore(file, options),
    );
  addJsonOptionAndHelp(command, [
    'summit-facts backup /var/backups/facts.sqlite',
    'DATABASE_URL=file:/var/lib/facts/store.sqlite summit-facts backup --force /var/backups/facts.sqlite',
  ]);
}
