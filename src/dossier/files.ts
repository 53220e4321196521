/** Dossiers as folders: `<id>/source.txt` and `<id>/facts.yaml`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { decodeUtf8 } from '../lib/utf8.ts';
import type { DossierFiles } from './validate.ts';

export const FACTS_FILE = 'facts.yaml';
export const SOURCE_FILE = 'source.txt';

/** Dossier folders at `path`: the folder itself if it is a dossier, or its dossier subfolders by name. */
export function listDossierFolders(path: string): string[] {
  if (existsSync(join(path, FACTS_FILE))) return [path];
  if (!existsSync(path)) throw new Error(`Folder ${path} not found`);
  const folders = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(path, entry.name, FACTS_FILE)))
    .map((entry) => join(path, entry.name));
  return folders.sort();
}

/** Reads a dossier folder. The error for an unreadable file, or one that is not UTF-8, names the file. */
export function readDossier(folder: string): DossierFiles {
  return {
    id: basename(resolve(folder)),
    facts: readUtf8(join(folder, FACTS_FILE)),
    source: readUtf8(join(folder, SOURCE_FILE)),
  };
}

function readUtf8(path: string): string {
  try {
    return decodeUtf8(readFileSync(path));
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}
