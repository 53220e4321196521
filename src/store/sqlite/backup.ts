/** Online backup of a SQLite database: other processes may write meanwhile. */
import { copyFileSync, renameSync, rmSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import type { ReportProgress } from '../../lib/progress.ts';
import { isImmutable } from './open-handles.ts';

/** Number of pages that are copied before other work of the process runs. */
const PAGES_PER_STEP = 1_000;

/**
 * Copies a snapshot of the SQLite file at `path` to `file` and returns the size of the copy in bytes. An
 * existing `file` is only replaced by a complete copy that has passed the integrity check.
 */
export async function backUpSqlite(path: string, file: string, onProgress: ReportProgress): Promise<number> {
  // SQLite would apply the write-ahead log of another database to the copy.
  const walStats = statSync(`${file}-wal`, { throwIfNoEntry: false });
  if (walStats && walStats.size > 0) throw new Error(`${file} is a database in use: ${file}-wal exists`);
  const partialFile = `${file}.${process.pid}.partial`;
  try {
    if (isImmutable(path)) copyFileSync(path, partialFile);
    else await copyDatabase(path, partialFile, onProgress);
    checkIntegrity(partialFile);
    const bytes = statSync(partialFile).size;
    renameSync(partialFile, file);
    return bytes;
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(partialFile + suffix, { force: true });
  }
}

async function copyDatabase(path: string, partialFile: string, onProgress: ReportProgress): Promise<void> {
  const source = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    // Holds the snapshot: otherwise each write by another process would restart the copy.
    source.exec('begin');
    source.prepare('select count(*) from sqlite_schema').get();
    await source.backup(partialFile, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress(totalPages - remainingPages, totalPages);
        return PAGES_PER_STEP;
      },
    });
  } finally {
    source.close();
  }
}

/** Checks the integrity of the complete copy. */
function checkIntegrity(partialFile: string): void {
  const database = new BetterSqlite3(partialFile);
  try {
    const result = database.pragma('integrity_check', { simple: true });
    if (result !== 'ok') throw new Error(`the copy has failed the integrity check: ${result}`);
  } finally {
    database.close();
  }
}
