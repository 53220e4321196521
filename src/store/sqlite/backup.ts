/** Copying a SQLite store while others write to it. */
import { renameSync, rmSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { ReportProgress } from '../../lib/progress.ts';

/** How many pages are copied before anything else gets its turn. */
const PAGES_PER_STEP = 1_000;

/**
 * Copies the SQLite file at `path` to `file`, as it is at this moment. What stands at `file` is a whole copy that has
 * been looked through, or what was there before. It returns how many bytes the copy has.
 */
export async function backUpSqlite(path: string, file: string, onProgress: ReportProgress): Promise<number> {
  // With the log of another database beside it, a copy would be read as something that it never was.
  const walStats = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (walStats && walStats.size > 0)
    throw new Error(`${file} is a database in use: ${file}-wal is beside it`);
  const partialFile = `${file}.${process.pid}.partial`;
  try {
    const pages = await copyDatabase(path, partialFile, onProgress);
    const bytes = pages * checkIntegrity(partialFile);
    renameSync(partialFile, file);
    return bytes;
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(partialFile + suffix, { force: true });
  }
}

async function copyDatabase(path: string, partialFile: string, onProgress: ReportProgress): Promise<number> {
  const source = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    // Holds on to this moment: otherwise whatever another process writes would begin the copy anew.
    source.exec('begin');
    source.prepare('select count(*) from sqlite_schema').get();
    const { totalPages } = await source.backup(partialFile, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress(totalPages - remainingPages, totalPages);
        return PAGES_PER_STEP;
      },
    });
    return totalPages;
  } finally {
    source.close();
  }
}

/** Reads all of the copy, and refuses it if anything is wrong; it returns the size of a page. */
function checkIntegrity(partialFile: string): number {
  const database = new BetterSqlite3(partialFile);
  try {
    const result = database.pragma('integrity_check', { simple: true });
    if (result !== 'ok') throw new Error(`the copy is not sound: ${result}`);
    return Number(database.pragma('page_size', { simple: true }));
  } finally {
    database.close();
  }
}
