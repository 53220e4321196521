import type { Command } from 'commander';
import { addJsonOptionAndHelp } from './options.ts';

/** `summit-facts generate`, which writes into the sources: there is none of it where they are installed. */
export function generateCommand(program: Command): void {
  if (import.meta.filename.includes('node_modules')) return;
  const command = program
    .command('generate')
    .description('write the files that follow from the code: OpenAPI documents and the dossier schema')
    .option('--check', 'write nothing; fail if a file is not what it should be')
    .action(async (options: { check?: boolean; json?: boolean }) =>
      (await import('../generate.ts')).generateFiles(options),
    );
  addJsonOptionAndHelp(command, ['summit-facts generate', 'summit-facts generate --check']);
}
