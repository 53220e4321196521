/** Entry point of the command line, `npx summit-facts <command>`. */
import { type Command, CommanderError } from 'commander';
import { createOutput } from './output.ts';
import { buildProgram } from './program.ts';

const program = buildProgram();
try {
  await program.parseAsync();
} catch (error) {
  // Commander has already printed the help or the error.
  if (error instanceof CommanderError) {
    // Commander may have found the error before it parsed `--json`.
    const json = error.exitCode !== 0 && process.argv.includes('--json');
    if (json) createOutput({ json }).writeJson({ error: error.message.replace(/^error: /, '') });
    process.exit(error.exitCode === 0 ? 0 : 2);
  }
  const { toErrorJson, getExitCode, formatError } = await import('./errors.ts');
  process.stderr.write(`${formatError(error)}\n`);
  // Only the command that ran has parsed options.
  const json = hasJsonOption(program);
  createOutput({ json }).writeJson(toErrorJson(error));
  // Exit explicitly: a driver may still hold a socket to a database server that waits for a password.
  process.exit(getExitCode(error));
}

function hasJsonOption(command: Command): boolean {
  return Boolean(command.opts()['json']) || command.commands.some(hasJsonOption);
}
