/** All commands with their help. The implementation of a command is loaded only when it runs. */
import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { backupCommand } from './commands/backup.ts';
import { checkCommand } from './commands/check.ts';
import { exportCommand } from './commands/export.ts';
import { generateCommand } from './commands/generate.ts';
import { importCommand } from './commands/import.ts';
import { keysCommand } from './commands/keys.ts';
import { migrateCommand } from './commands/migrate.ts';
import { redactCommand } from './commands/redact.ts';
import { reindexCommand } from './commands/reindex.ts';
import { serveCommand } from './commands/serve.ts';

export function buildProgram(): Command {
  const program = new Command('summit-facts')
    .description('Facts about political summits, each with the exact words that support it')
    .version(packageJson.version)
    .showHelpAfterError('(use --help for usage)')
    .exitOverride();
  serveCommand(program);
  migrateCommand(program);
  checkCommand(program);
  importCommand(program);
  exportCommand(program);
  reindexCommand(program);
  keysCommand(program);
  redactCommand(program);
  backupCommand(program);
  generateCommand(program);
  return program;
}
