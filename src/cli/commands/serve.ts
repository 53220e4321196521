import type { Command } from 'commander';
import { addJsonOptionAndHelp, createIntegerParser, parseNonEmpty } from './options.ts';

/** `summit-facts serve` */
export function serveCommand(program: Command): void {
  const command = program
    .command('serve')
    .description(
      'start the server in any directory; without a folder db/dossiers there, it serves the database as it is',
    )
    .option(
      '--port <number>',
      'the port to listen on, 0 for any free one; overrides PORT',
      createIntegerParser(0, 65_535),
    )
    .option('--host <address>', 'the address to listen on; overrides HOST', parseNonEmpty)
    .action(async (options: { port?: number; host?: string; json?: boolean }) =>
      (await import('../serve.ts')).serveStore(options),
    );
  addJsonOptionAndHelp(command, [
    'summit-facts serve',
    'summit-facts serve --port 8080 --host 0.0.0.0',
    'DATABASE_URL=file:/var/lib/facts/store.sqlite summit-facts serve --port 0',
  ]);
}
