/** The problems of a dossier, collected while it is checked. */
import { join } from 'node:path';
import type { dossierReasons } from '../lib/problem-details.ts';
import { positionOf, type SourceText } from '../model/source-text.ts';
import type { Parsed, Path, Position } from './parse-yaml.ts';

export type CheckCode = keyof typeof dossierReasons;

export interface CheckProblem extends Position {
  file: 'facts.yaml' | 'source.txt';
  /** RFC 6901 pointer into the dossier; empty for a problem of the source text. */
  pointer: string;
  code: CheckCode;
  message: string;
}

/** A problem of a dossier of which there is no file to point into. */
export const problemNowhere: Report['problemAt'] = (code, _, message) => ({
  file: 'facts.yaml',
  pointer: '',
  code,
  message,
  line: 1,
  column: 1,
});

export class Report {
  readonly problems: CheckProblem[] = [];
  readonly #parsed: Parsed;
  readonly #source: SourceText;

  constructor(parsed: Parsed, source: SourceText) {
    this.#parsed = parsed;
    this.#source = source;
  }

  /** A problem of the dossier, at the value that `path` leads to. */
  add(code: CheckCode, path: Path, message: string, position = this.#parsed.positionOf(path)): void {
    this.problems.push(this.problemAt(code, path, message, position));
  }

  /** The same, only told: of a dossier that is sound in itself, and does not fit what is there. */
  problemAt(
    code: CheckCode,
    path: Path,
    message: string,
    position = this.#parsed.positionOf(path),
  ): CheckProblem {
    const pointer = path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return { file: 'facts.yaml', pointer, code, message, ...position };
  }

  /** A problem of the source text, at a UTF-16 offset. */
  addInSource(code: CheckCode, unit: number, message: string): void {
    const position = positionOf(this.#source, unit);
    this.problems.push({ file: 'source.txt', pointer: '', code, message, ...position });
  }
}

/** `folder/facts.yaml:12:7 quotation-missing ...`, which terminals and editors turn into a link. */
export function describeProblem(folder: string, { file, line, column, code, message }: CheckProblem): string {
  return `${join(folder, file)}:${line}:${column} ${code} ${message}`;
}

/** A quotation for a message: on one line, and not too long. */
export function shown(words: string): string {
  const points = Array.from(words);
  return JSON.stringify(points.length > 120 ? `${points.slice(0, 120).join('')}...` : words);
}
