/** Options and help texts that all commands share. */
import { type Command, InvalidArgumentError } from 'commander';

/** Meanings of the exit codes; docs/OPERATIONS.md lists the same. */
export const EXIT_CODES = {
  0: 'success',
  1: 'refused: a dossier has problems or conflicts with the database, or a file exists',
  2: 'invalid usage: an option, an argument or an environment variable',
  3: 'the database cannot be opened or does not respond',
} as const;

/** Adds `--json`, and the examples and exit codes at the end of the help. */
export function addJsonOptionAndHelp(command: Command, examples: string[]): Command {
  const exitCodeLines = Object.entries(EXIT_CODES).map(([code, meaning]) => `  ${code}  ${meaning}`);
  const exampleLines = examples.map((example) => `  ${example}`);
  return command
    .option('--json', 'print one JSON document instead of lines')
    .addHelpText('after', ['', 'Examples:', ...exampleLines, '', 'Exit codes:', ...exitCodeLines].join('\n'));
}

/** Creates a parser for an option that is a whole number from `min` to `max`. */
export function createIntegerParser(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,10}$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** Parses an option that must not be empty. */
export function parseNonEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}
