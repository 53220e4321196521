/** What the help of every command has in common. */
import { type Command, InvalidArgumentError } from 'commander';

/** What the exit codes mean; the README says the same. */
export const EXIT_CODES = {
  0: 'done',
  1: 'refused, such as dossiers that have problems or do not fit the store, and a file that is in the way',
  2: 'wrong usage: an option, an argument or a variable of the environment is not valid',
  3: 'the store cannot be opened, or does not answer',
} as const;

/** Adds `--json`, and the examples and exit codes at the end of the help. */
export function addJsonOptionAndHelp(command: Command, examples: string[]): Command {
  const exitCodeLines = Object.entries(EXIT_CODES).map(([code, meaning]) => `  ${code}  ${meaning}`);
  const exampleLines = examples.map((example) => `  ${example}`);
  return command
    .option('--json', 'one JSON document on standard output instead of lines')
    .addHelpText('after', ['', 'Examples:', ...exampleLines, '', 'Exit codes:', ...exitCodeLines].join('\n'));
}

/** A parser of an option that is a whole number from `least` to `most`. */
export function createIntegerParser(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d{1,10}$/.test(text) && number >= min && number <= max) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

/** A parser of an option that may not be empty. */
export function parseNonEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
}
