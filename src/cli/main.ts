/** The command line: `npx summit-facts <command>`. */
import { outputFor } from './print.ts';
import { commandLine } from './program.ts';

const program = commandLine();
try {
  await program.parseAsync();
} catch (error) {
  const { exitCodeOf, told, Refused, isUsage } = await import('./failure.ts');
  // What is wrong with the usage has been said, with a hint where to look.
  if (!isUsage(error)) {
    process.stderr.write(`${told(error)}\n`);
    // Only the command that was asked for has options.
    const asked = program.commands.find((command) => command.opts()['json']);
    const document = error instanceof Refused ? error.document : {};
    outputFor({ json: asked !== undefined }).document({ error: told(error), ...document });
  }
  // At once: a driver may still hold a socket to a server that waits for a password.
  process.exit(exitCodeOf(error));
}
