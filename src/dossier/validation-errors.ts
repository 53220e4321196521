import { join } from 'node:path';
import { floorToGrapheme, quoteText, takeLastGraphemes } from '../lib/graphemes.ts';
import type { DOSSIER_ERROR_CODES } from '../lib/problem-details.ts';
import { type SourceText, toLineAndColumn } from '../model/source-text.ts';
import type { ParseResult, Position, ValuePath } from './parse-yaml.ts';

export type ValidationProblemCode = keyof typeof DOSSIER_ERROR_CODES;

export interface ValidationProblem extends Position {
  file: 'facts.yaml' | 'source.txt';
  /** RFC 6901 pointer into the dossier; empty for a problem of the source text. */
  pointer: string;
  code: ValidationProblemCode;
  message: string;
}

/** File of a dossier that cannot be read, or a folder without one (`file` is empty). */
export interface UnreadableFileProblem extends Position {
  file: 'facts.yaml' | 'source.txt' | '';
  pointer: '';
  code: 'unreadable-file';
  message: string;
}

/** Problem of a dossier folder. */
export type FolderProblem = ValidationProblem | UnreadableFileProblem;

/** Creates a problem without a position, for a dossier that has no file to point into. */
export const createGlobalProblem: ProblemCollector['createProblem'] = (code, _, message) => ({
  file: 'facts.yaml',
  pointer: '',
  code,
  message,
  line: 1,
  column: 1,
});

export class ProblemCollector {
  readonly problems: ValidationProblem[] = [];
  readonly #parseResult: ParseResult;
  readonly #source: SourceText;

  constructor(parsed: ParseResult, source: SourceText) {
    this.#parseResult = parsed;
    this.#source = source;
  }

  /** Reports a problem of the dossier, at the value that `path` leads to. */
  add(
    code: ValidationProblemCode,
    path: ValuePath,
    message: string,
    position = this.#parseResult.getPosition(path),
  ): void {
    this.problems.push(this.createProblem(code, path, message, position));
  }

  /** Creates a problem without reporting it, for a valid dossier that does not fit the store. */
  createProblem(
    code: ValidationProblemCode,
    path: ValuePath,
    message: string,
    position = this.#parseResult.getPosition(path),
  ): ValidationProblem {
    const pointer = path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return { file: 'facts.yaml', pointer, code, message, ...position };
  }

  /** Reports a problem of the source text, at a UTF-16 offset. */
  addSourceProblem(code: ValidationProblemCode, offset: number, message: string): void {
    const position = toLineAndColumn(this.#source, offset);
    this.problems.push({ file: 'source.txt', pointer: '', code, message, ...position });
  }
}

/** Formats `folder/facts.yaml:12:7 code message`: terminals and editors turn the beginning into a link. */
export function formatProblem(folder: string, { file, line, column, code, message }: FolderProblem): string {
  if (file === '') return message;
  return `${join(folder, file)}:${line}:${column} ${code} ${message}`;
}

/** Maximum length of a quoted text in code points, and the part of it before the place in question. */
const MAX_QUOTED_CODE_POINTS = 120;
const LEAD_CODE_POINTS = 40;

/** Quotes text for a message, on one line and shortened. `focus` is a UTF-16 offset that stays in view. */
export function quoteForMessage(text: string, focus = 0): string {
  if (focus <= MAX_QUOTED_CODE_POINTS - LEAD_CODE_POINTS) return quoteText(text, MAX_QUOTED_CODE_POINTS);
  const lead = takeLastGraphemes(text.slice(0, floorToGrapheme(text, focus)), LEAD_CODE_POINTS);
  return quoteText(`...${lead}${text.slice(floorToGrapheme(text, focus))}`, MAX_QUOTED_CODE_POINTS + 3);
}
