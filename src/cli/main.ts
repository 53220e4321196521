/** The command line: `npx summit-facts <command>`. */
import { type Command, CommanderError } from 'commander';
import { outputFor } from './output.ts';
import { commandLine } from './program.ts';

const program = commandLine();
try {
  await program.parseAsync();
} catch (error) {
  // Help was asked for, or what is wrong with the command line has been said.
  if (error instanceof CommanderError) {
    // Options may not have been read when it was found.
    const json = error.exitCode !== 0 && process.argv.includes('--json');
    if (json) outputFor({ json }).document({ error: error.message.replace(/^error: /, '') });
    process.exit(error.exitCode === 0 ? 0 : 2);
  }
  const { documentOf, exitCodeOf, told } = await import('./errors.ts');
  process.stderr.write(`${told(error)}\n`);
  // Only the command that was asked for has options.
  const json = asksForJson(program);
  outputFor({ json }).document(documentOf(error));
  // At once: a driver may still hold a socket to a server that waits for a password.
  process.exit(exitCodeOf(error));
}

function asksForJson(command: Command): boolean {
  return Boolean(command.opts()['json']) || command.commands.some(asksForJson);
}
