/** Baseline for imports: inserts of the same rows with better-sqlite3 alone. */
import BetterSqlite3 from 'better-sqlite3';
import { collectSearchWords } from '../src/model/index-terms.ts';
import { getFactType } from '../src/model/types/index.ts';
import type { Synonyms } from '../src/search/synonyms.ts';

/** Rows in the form in which they are bound, by table. */
export type Rows = Record<string, unknown[][]>;

/** Queries for the rows that an import wrote, by table, in the order of their foreign keys. */
const REVISION_QUERIES: Record<string, string> = {
  revision: 'select * from revision where n = ?',
  dossier: 'select * from dossier where rev_from = ?',
  identity:
    'select i.* from fact f join identity i on i.type = f.type and i.id = f.id where f.rev_from = ? and f.version = 1',
  fact: 'select * from fact where rev_from = ?',
  term: 'select t.* from fact f join term t on t.row = f.row where f.rev_from = ?',
  span: 'select s.* from fact f join span s on s.row = f.row where f.rev_from = ?',
  contribution:
    'select c.* from fact f join contribution c on c.type = f.type and c.id = f.id where f.rev_from = ?',
};

/** Reads all rows that revision `n` of the store at `path` wrote, including the search index. */
export function readRevisionRows(path: string, n: number, synonyms: Synonyms): Rows {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    const rows = Object.fromEntries(
      Object.entries(REVISION_QUERIES).map(([table, statement]) => [
        table,
        database.prepare(statement).raw().all(n) as unknown[][],
      ]),
    );
    const facts = database.prepare('select row, type, label, body from fact where rev_from = ?').all(n);
    // The search index has no content to read back, so its words are computed again.
    const search = (facts as { row: number; type: string; label: string; body: string }[]).map(
      ({ row, type, label, body }) => {
        const words = collectSearchWords(getFactType(type), JSON.parse(body), label, synonyms);
        return [row, words.label.join(' '), words.text.join(' ')];
      },
    );
    return { ...rows, search };
  } finally {
    database.close();
  }
}

export interface RawStore {
  /** Inserts the rows in one transaction. */
  insert(rows: Rows): void;
  close(): void;
}

/** Opens the store at `path`, which must have its tables and indexes. */
export function openRawStore(path: string): RawStore {
  const database = new BetterSqlite3(path);
  // Same settings as in src/store/sqlite/sqlite-database.ts.
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  const statements = new Map<string, BetterSqlite3.Statement>();
  const prepareInsert = (table: string, row: unknown[]) => {
    const columns = table === 'search' ? '(rowid, label, text)' : '';
    const text = `insert into ${table} ${columns} values (${row.map(() => '?').join(', ')})`;
    const statement = statements.get(table) ?? database.prepare(text);
    statements.set(table, statement);
    return statement;
  };
  return {
    insert: database.transaction((rows: Rows) => {
      for (const [table, tableRows] of Object.entries(rows)) {
        const [first] = tableRows;
        if (!first) continue;
        const statement = prepareInsert(table, first);
        for (const row of tableRows) statement.run(row);
      }
    }).immediate,
    close: () => database.close(),
  };
}

/** Returns the number of rows in each table of the store at `path`, as text. */
export function countRows(path: string): string {
  const database = new BetterSqlite3(path, { readonly: true });
  const counts = [...Object.keys(REVISION_QUERIES), 'search'].map(
    (table) => `${table} ${database.prepare(`select count(*) from ${table}`).pluck().get()}`,
  );
  database.close();
  return counts.join(', ');
}
