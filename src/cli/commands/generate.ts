import type { Command } from 'commander';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts generate`. Installed packages do not have it, because it writes to the source tree. */
export function generateCommand(program: Command): void {
  if (import.meta.filename.includes('node_modules')) return;
  const command = program
    .command('generate')
    .description('write the files that are derived from the code: OpenAPI documents and schemas')
    .option('--check', 'write nothing; fail if a file is out of date')
    .action(async (options: { check?: boolean; json?: boolean }) =>
      (await import('../generate.ts')).generateFiles(options),
    );
  addJsonOptionAndHelp(command, ['summit-facts generate', 'summit-facts generate --check']);
}
