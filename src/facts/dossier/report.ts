/** Problems of dossiers, for people to read. */
import { join } from 'node:path';
import type { CheckProblem } from './check.ts';

/** `folder/facts.yaml:12:7 quotation-missing …`, which terminals and editors turn into a link. */
export function describeProblem(folder: string, { file, line, column, code, message }: CheckProblem): string {
  return `${join(folder, file)}:${line}:${column} ${code} ${message}`;
}
