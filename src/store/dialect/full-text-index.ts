/** The index of words: FTS5, or arrays with an index of their own. Only words from our own tokenizer go in. */
import { type Expression, type RawBuilder, sql } from 'kysely';
import type { Reader, Writer } from '../database.ts';
import { insertEach } from './bulk-insert.ts';
import { isPostgres } from './is-postgres.ts';

export interface SearchRow {
  row: number;
  /** Folded words of the label. */
  label: string[];
  /** Folded words of everything else that is searched. */
  text: string[];
}

export async function createSearchTable(db: Writer): Promise<void> {
  if (!isPostgres(db)) {
    await sql`create virtual table search using fts5(
      label, text, content='', contentless_delete=1, detail=column, tokenize='ascii'
    )`.execute(db);
    return;
  }
  // Arrays rather than tsvector, which refuses words of 2 kB and texts whose words come to 1 MB.
  await sql`create table search (
    row integer primary key references fact (row),
    label text[] collate "C" not null,
    words text[] collate "C" not null
  )`.execute(db);
  await sql`create index search_words on search using gin (words)`.execute(db);
}

export async function insertSearchRows(db: Writer, rows: SearchRow[]): Promise<void> {
  if (rows.length === 0) return;
  if (isPostgres(db)) {
    const values = rows.map(({ row, label, text }) => {
      const words = [...new Set([...label, ...text])];
      return sql`(${row}, ${arrayOf(label)}, ${arrayOf(words)})`;
    });
    await sql`insert into search (row, label, words) values ${sql.join(values)}`.execute(db);
    return;
  }
  const values = rows.map(({ row, label, text }) => ({
    rowid: row,
    label: label.join(' '),
    text: text.join(' '),
  }));
  insertEach(db, 'search', values);
}

export async function clearSearch(db: Writer): Promise<void> {
  // Deleted row by row, the words would stay in SQLite's index until it merges them.
  const all = isPostgres(db)
    ? sql`delete from search`
    : sql`insert into search (search) values ('delete-all')`;
  await all.execute(db);
}

/** The rows in which every one of `words` stands. */
export function rowsWithWords(db: Reader, words: string[]): RawBuilder<{ row: number }> {
  return isPostgres(db)
    ? sql`select "row" from search where words @> ${arrayOf(words)}`
    : sql`select rowid as "row" from search where search match ${matchAll(words)}`;
}

/** Whether every one of `words` stands in the row that `row` names. */
export function rowHasWords(db: Reader, row: Expression<number>, words: string[]): RawBuilder<boolean> {
  return isPostgres(db)
    ? sql`exists (select 1 from search where search."row" = ${row} and words @> ${arrayOf(words)})`
    : sql`exists (select 1 from search where rowid = ${row} and search match ${matchAll(words)})`;
}

/** The rows in whose label every one of `words` stands. */
export function rowsLabelled(db: Reader, words: string[]): RawBuilder<{ row: number }> {
  const query = `label : (${matchAll(words)})`;
  return isPostgres(db)
    ? sql`select "row" from search where words @> ${arrayOf(words)} and label @> ${arrayOf(words)}`
    : sql`select rowid as "row" from search where search match ${query}`;
}

// Words are letters and digits only: nothing in them needs quoting but as a whole, and no space is in them.
const matchAll = (words: string[]) => words.map((word) => `"${word}"`).join(' AND ');
const arrayOf = (words: string[]) => sql`string_to_array(${words.join(' ')}, ' ')`;
