/** Dossiers as folders: `<id>/source.txt` and `<id>/facts.yaml`. */
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { decodeUtf8 } from '../lib/utf8.ts';
import { ID_PATTERN } from '../model/fields.ts';
import type { Position } from './parse-yaml.ts';
import type { DossierFiles } from './validate.ts';
import { formatProblem, type UnreadableFileProblem } from './validation-errors.ts';

export const FACTS_FILE = 'facts.yaml';
export const SOURCE_FILE = 'source.txt';

/** A dossier folder has files that cannot be read, or is no dossier folder. */
export class UnreadableDossierError extends Error {
  readonly problems: UnreadableFileProblem[];

  constructor(folder: string, problems: UnreadableFileProblem[]) {
    super(problems.map((problem) => formatProblem(folder, problem)).join('\n'));
    this.problems = problems;
  }
}

/**
 * Dossier folders at `path`: the folder itself if it is a dossier, or its dossier subfolders by name. Some may be
 * unreadable; a path that is no readable folder is returned itself, so that `readDossier` reports the reason.
 */
export function listDossierFolders(path: string): string[] {
  if (hasEntry(path, FACTS_FILE)) return [path];
  const result = tryRead(path, 'folder', () => readdirSync(path));
  if ('reason' in result) return [path];
  const names = result.value.filter((name) => isDossierEntry(path, name));
  return names.sort().map((name) => join(path, name));
}

/** True for a dossier, and for a folder or a dangling link that may be one: other names are no ids. */
function isDossierEntry(parent: string, name: string): boolean {
  const path = join(parent, name);
  if (isDossierFolder(path)) return true;
  const isFolder = getStats(statSync, path)?.isDirectory() ?? true;
  return isFolder && ID_PATTERN.test(name) && 'reason' in tryRead(path, 'folder', () => readdirSync(path));
}

/** True if the folder has one of the files of a dossier, readable or not. */
export const isDossierFolder = (path: string): boolean =>
  hasEntry(path, FACTS_FILE) || hasEntry(path, SOURCE_FILE);

/** Id of the dossier in a folder: its name. */
export const getDossierId = (folder: string): string => basename(resolve(folder));

/** Reads a dossier folder; throws an `UnreadableDossierError` that lists every file that cannot be read. */
export function readDossier(folder: string): DossierFiles {
  if (!isDossierFolder(folder)) throw new UnreadableDossierError(folder, [explainMissingDossier(folder)]);
  const problems: UnreadableFileProblem[] = [];
  const read = (file: typeof FACTS_FILE | typeof SOURCE_FILE): string => {
    const result = readTextFile(join(folder, file));
    if (typeof result === 'string') return result;
    problems.push({ ...createUnreadableProblem(file, result.message), ...result });
    return '';
  };
  const files = { id: getDossierId(folder), facts: read(FACTS_FILE), source: read(SOURCE_FILE) };
  if (problems.length > 0) throw new UnreadableDossierError(folder, problems);
  return files;
}

/** Reads a dossier folder, and returns the error for unreadable files instead of throwing it. */
export function tryReadDossier(folder: string): DossierFiles | UnreadableDossierError {
  try {
    return readDossier(folder);
  } catch (error) {
    if (error instanceof UnreadableDossierError) return error;
    throw error;
  }
}

/** Reads the facts of a dossier folder; null if they cannot be read. */
export function readFacts(folder: string): string | null {
  const result = readTextFile(join(folder, FACTS_FILE));
  return typeof result === 'string' ? result : null;
}

function explainMissingDossier(path: string): UnreadableFileProblem {
  const result = tryRead(path, 'folder', () => readdirSync(path));
  if (!('reason' in result))
    return createUnreadableProblem(
      '',
      `No dossier found in ${path}: it has neither ${FACTS_FILE} nor ${SOURCE_FILE}`,
    );
  const message = result.reason === MISSING ? `Folder ${path} not found` : `${path} ${result.reason}`;
  return createUnreadableProblem('', message);
}

const createUnreadableProblem = (
  file: UnreadableFileProblem['file'],
  message: string,
): UnreadableFileProblem => ({ file, pointer: '', code: 'unreadable-file', message, line: 1, column: 1 });

/** Returns the text, or the reason why it cannot be read. */
function readTextFile(path: string): string | ({ message: string } & Partial<Position>) {
  const result = tryRead(path, 'file', () => readFileSync(path));
  if ('reason' in result) return { message: result.reason };
  try {
    return decodeUtf8(result.value);
  } catch (error) {
    return { message: (error as Error).message, ...locateInvalidUtf8(result.value) };
  }
}

/** Position of the first byte that is not UTF-8; the start of a file in another encoding. */
function locateInvalidUtf8(bytes: Uint8Array): Position {
  const decoded = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
  const offset = decoded.findIndex((byte, index) => byte !== bytes[index]);
  const lines = decoded.subarray(0, Math.max(0, offset)).toString().split('\n');
  return { line: lines.length, column: Array.from(lines.at(-1) ?? '').length + 1 };
}

const MISSING = 'is missing';

/** Calls `read`, or returns the reason why the file or folder at `path` cannot be read. */
function tryRead<T>(path: string, kind: 'file' | 'folder', read: () => T): { value: T } | { reason: string } {
  try {
    const stats = statSync(path);
    if (kind === 'folder' && !stats.isDirectory()) return { reason: 'is a file, but must be a folder' };
    if (kind === 'file' && stats.isDirectory()) return { reason: 'is a folder, but must be a file' };
    // Reading a pipe or a device might never end.
    if (kind === 'file' && !stats.isFile()) return { reason: 'is not a regular file' };
    return { value: read() };
  } catch (error) {
    return { reason: explainSystemError(path, error as NodeJS.ErrnoException) };
  }
}

function explainSystemError(path: string, { code, errno, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const isLink = getStats(lstatSync, path)?.isSymbolicLink();
    return isLink ? `is a link to ${readlinkSync(path)}, which does not exist` : MISSING;
  }
  return `cannot be read: ${errno ? getSystemErrorMessage(errno) : message}`;
}

const hasEntry = (folder: string, name: string): boolean => getStats(lstatSync, join(folder, name)) !== null;

function getStats(stat: (path: string) => Stats, path: string): Stats | null {
  try {
    return stat(path);
  } catch {
    return null;
  }
}
