import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSynonyms, type Synonyms } from '../search/synonyms.ts';
import { migrate } from './migrate.ts';
import { openSqlite, type Reader, type Writer } from './portable.ts';
import { refreshSearch } from './versions.ts';

/** An open store: one handle that writes, one that only reads, and the words that search takes as one. */
export interface Store {
  reader: Reader;
  writer: Writer;
  synonyms: Synonyms;
  close(): Promise<void>;
}

export const SYNONYMS_FILE = fileURLToPath(new URL('../../db/synonyms.yaml', import.meta.url));

/** Opens the store at `url` (`file:` and a path), brings it up to date, and makes it if it is missing. */
export async function openStore(url: string): Promise<Store> {
  const path = sqlitePath(url);
  mkdirSync(dirname(path), { recursive: true });
  const { writer, openReader } = openSqlite(path);
  try {
    await migrate(writer);
    const synonyms = readSynonyms(SYNONYMS_FILE);
    await refreshSearch(writer, synonyms);
    const reader = openReader();
    const close = async () => {
      await asWriter(reader).destroy();
      await writer.destroy();
    };
    return { reader, writer, synonyms, close };
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}

const asWriter = (reader: Reader): Writer => reader as unknown as Writer;

/** `file:db/x.sqlite` → `db/x.sqlite`; anything else is refused by name. */
export function sqlitePath(url: string): string {
  const path = /^file:(?!\/\/)(.+)$/s.exec(url)?.[1];
  if (!path) throw new Error(`DATABASE_URL must be file: and a path, such as file:db/x.sqlite; got ${url}`);
  return path;
}
