/** All commands, each with its help in a file of its own. What one does is loaded only when it is asked for. */
import { Command } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { backup } from './commands/backup.ts';
import { check } from './commands/check.ts';
import { exporting } from './commands/export.ts';
import { generate } from './commands/generate.ts';
import { importing } from './commands/import.ts';
import { keys } from './commands/keys.ts';
import { migrate } from './commands/migrate.ts';
import { redact } from './commands/redact.ts';
import { reindex } from './commands/reindex.ts';
import { serve } from './commands/serve.ts';

export function commandLine(): Command {
  const program = new Command('summit-facts')
    .description('Facts about political summits, each with the exact words that carry it')
    .version(packageJson.version)
    .showHelpAfterError('(--help tells more)')
    .exitOverride();
  serve(program);
  migrate(program);
  check(program);
  importing(program);
  exporting(program);
  reindex(program);
  keys(program);
  redact(program);
  backup(program);
  generate(program);
  return program;
}
