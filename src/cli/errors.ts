/** How a command fails: what it says, and with which code it ends. */

import { join } from 'node:path';
import { BadEnvironment } from '../config.ts';
import type { CheckProblem } from '../dossier/validation-errors.ts';
import { StoreUnavailable } from '../store/database.ts';
import { StoreNotOpened } from '../store/open.ts';
import type { EXIT_CODES } from './commands/options.ts';

/** A problem with the path of its file, as `--json` gives it. */
export interface FileProblem extends Omit<CheckProblem, 'file'> {
  file: string;
}

export const inFolder = (
  folder: string,
  { file, line, column, pointer, code, message }: CheckProblem,
): FileProblem => ({ file: join(folder, file), line, column, pointer, code, message });

/** What a command will not do. `document` is what `--json` prints beside the error. */
export class Refused extends Error {
  readonly document: object;

  constructor(message: string, document: object = {}) {
    super(message);
    this.document = document;
  }
}

export function exitCodeOf(error: unknown): keyof typeof EXIT_CODES {
  if (error instanceof BadEnvironment) return 2;
  return error instanceof StoreNotOpened || error instanceof StoreUnavailable ? 3 : 1;
}

/** What `--json` prints of it. */
export const documentOf = (error: unknown): object => ({
  error: told(error),
  ...(error instanceof Refused ? error.document : {}),
});

/** What a store that does not answer keeps from strangers is for whoever sits here. */
export function told(error: unknown): string {
  const { message = String(error), cause } = error as Partial<Error>;
  return error instanceof StoreUnavailable ? `${message} (${told(cause)})` : message;
}
