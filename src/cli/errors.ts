import { join } from 'node:path';
import { ConfigError } from '../config.ts';
import type { FolderProblem } from '../dossier/validation-errors.ts';
import { StoreUnavailable } from '../store/database.ts';
import { StoreOpenError } from '../store/open.ts';
import type { EXIT_CODES } from './commands/options.ts';

/** Problem with the path of its file, as printed by `--json`. */
export interface FileProblem extends Omit<FolderProblem, 'file'> {
  file: string;
}

export const withPath = (
  folder: string,
  { file, line, column, pointer, code, message }: FolderProblem,
): FileProblem => ({ file: join(folder, file), line, column, pointer, code, message });

/** Refusal of a command. `--json` prints the properties of `details` next to the error. */
export class CommandError extends Error {
  readonly details: object;

  constructor(message: string, details: object = {}) {
    super(message);
    this.details = details;
  }
}

export function getExitCode(error: unknown): keyof typeof EXIT_CODES {
  if (error instanceof ConfigError) return 2;
  return error instanceof StoreOpenError || error instanceof StoreUnavailable ? 3 : 1;
}

export const toErrorJson = (error: unknown): object => ({
  error: formatError(error),
  ...(error instanceof CommandError ? error.details : {}),
});

/** Adds the cause of a `StoreUnavailable`, which the API hides from clients but an operator needs. */
export function formatError(error: unknown): string {
  const { message = String(error), cause } = error as Partial<Error>;
  return error instanceof StoreUnavailable ? `${message} (${formatError(cause)})` : message;
}
