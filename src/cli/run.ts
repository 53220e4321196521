import { type Command, CommanderError } from 'commander';
import { createOutput } from './output.ts';
import { buildProgram } from './program.ts';

/** Runs the command in `args` and returns its exit code; a server that was started goes on running. */
export async function runCommand(args: string[]): Promise<number> {
  const program = buildProgram();
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return error instanceof CommanderError ? reportUsageError(error, args) : reportError(error, program);
  }
}

/** Commander has already printed the help or the error. */
function reportUsageError({ exitCode, message }: CommanderError, args: string[]): number {
  if (exitCode === 0) return 0;
  // Commander may have found the error before it parsed `--json`.
  const json = args.includes('--json');
  createOutput({ json }).writeJson({ error: message.replace(/^error: /, '') });
  return 2;
}

async function reportError(error: unknown, program: Command): Promise<number> {
  const { toErrorJson, getExitCode, formatError } = await import('./errors.ts');
  process.stderr.write(`${formatError(error)}\n`);
  // Only the command that ran has parsed options.
  createOutput({ json: hasJsonOption(program) }).writeJson(toErrorJson(error));
  return getExitCode(error);
}

function hasJsonOption(command: Command): boolean {
  return Boolean(command.opts()['json']) || command.commands.some(hasJsonOption);
}
