/** The command line: `npx summit-facts <command>`. */
import { type Command, CommanderError } from 'commander';
import { createOutput } from './output.ts';
import { buildProgram } from './program.ts';

const program = buildProgram();
try {
  await program.parseAsync();
} catch (error) {
  // Help was asked for, or what is wrong with the command line has been said.
  if (error instanceof CommanderError) {
    // Options may not have been read when it was found.
    const json = error.exitCode !== 0 && process.argv.includes('--json');
    if (json) createOutput({ json }).writeJson({ error: error.message.replace(/^error: /, '') });
    process.exit(error.exitCode === 0 ? 0 : 2);
  }
  const { toErrorJson, getExitCode, formatError } = await import('./errors.ts');
  process.stderr.write(`${formatError(error)}\n`);
  // Only the command that was asked for has options.
  const json = hasJsonOption(program);
  createOutput({ json }).writeJson(toErrorJson(error));
  // At once: a driver may still hold a socket to a server that waits for a password.
  process.exit(getExitCode(error));
}

function hasJsonOption(command: Command): boolean {
  return Boolean(command.opts()['json']) || command.commands.some(hasJsonOption);
}
