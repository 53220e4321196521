/**
 * SQLite file that cannot be written, opened by Node's own driver. A file in WAL mode needs two more files next to
 * it even for reading, unless it is opened as immutable, which better-sqlite3 has no option for.
 */
import { statSync } from 'node:fs';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StoreUnavailable } from '../database.ts';
import type { SqliteHandle, SqliteStatement } from './sqlite-handle.ts';

const CHANGED_MESSAGE =
  'the file was changed although its folder cannot be written here; restart the server to read the new contents';

/** Opens the file. Reads fail once it has changed: SQLite does not notice that, and might return anything. */
export function openImmutable(path: string): SqliteHandle {
  // Loaded only here: Node 22 prints a warning when it is loaded.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  const openedState = readFileState(path);
  const database = new DatabaseSync(url, { readOnly: true });
  // Sorting must not need a temporary file.
  database.exec('pragma temp_store = memory; pragma trusted_schema = off');
  return {
    prepare: (text) => wrapStatement(database.prepare(text)),
    function: (name, options, work) => void database.function(name, options, work),
    pragma: (text) => void database.exec(`pragma ${text}`),
    exec: (text) => database.exec(text),
    assertUnchanged() {
      if (readFileState(path) === openedState) return;
      throw new StoreUnavailable('The database does not respond', { cause: new Error(CHANGED_MESSAGE) });
    },
    get inTransaction() {
      return database.isTransaction;
    },
    close() {
      if (database.isOpen) database.close();
    },
  };
}

function readFileState(path: string): string {
  const { dev, ino, size, mtimeNs } = statSync(path, { bigint: true });
  return [dev, ino, size, mtimeNs].join(' ');
}

/** Wraps a statement so that it takes its values as a list or as arguments. */
const wrapStatement = (statement: StatementSync): SqliteStatement => ({
  reader: true,
  all: (...values) => statement.all(...(values.flat() as SQLInputValue[])),
  get: (...values) => statement.get(...(values.flat() as SQLInputValue[])),
  run: (...values) => statement.run(...(values.flat() as SQLInputValue[])),
  iterate: (...values) => statement.iterate(...(values.flat() as SQLInputValue[])),
});
