/**
 * Full-text index: FTS5 on SQLite, indexed arrays on PostgreSQL. All words come from `search/tokenize.ts`.
 */
import { type Expression, type RawBuilder, sql } from 'kysely';
import { execute, executeForEach, type Reader, type Writer } from '../database.ts';
import { isPostgres } from './is-postgres.ts';

export interface SearchRow {
  row: number;
  /** Folded words of the label. */
  label: string[];
  /** Folded words of all other searched fields. */
  text: string[];
}

export async function createSearchTable(db: Writer): Promise<void> {
  if (!isPostgres(db)) {
    const table = sql`create virtual table search using fts5(
      label, text, content='', contentless_delete=1, detail=column, tokenize='ascii'
    )`;
    return execute(db, table);
  }
  // Arrays instead of tsvector, which rejects words of 2 kB and texts whose words total 1 MB.
  const table = sql`create table search (
    row integer primary key references fact (row),
    label text[] collate "C" not null,
    words text[] collate "C" not null
  )`;
  await execute(db, table);
  await execute(db, sql`create index search_words on search using gin (words)`);
}

export async function insertSearchRows(db: Writer, rows: SearchRow[]): Promise<void> {
  if (rows.length === 0) return;
  if (isPostgres(db)) {
    const values = rows.map(({ row, label, text }) => {
      const words = [...new Set([...label, ...text])];
      return sql`(${row}, ${toTextArray(label)}, ${toTextArray(words)})`;
    });
    return execute(db, sql`insert into search (row, label, words) values ${sql.join(values)}`);
  }
  const values = rows.map(({ row, label, text }) => ({
    rowid: row,
    label: label.join(' '),
    text: text.join(' '),
  }));
  const insert = sql`insert into search (rowid, label, text) values (${sql.join(Object.values(values[0] ?? {}))})`;
  executeForEach(db, values, insert.compile(db));
}

export async function clearSearchIndex(db: Writer): Promise<void> {
  // If rows were deleted one by one, their words would stay in SQLite's index until it merges them.
  const statement = isPostgres(db)
    ? sql`delete from search`
    : sql`insert into search (search) values ('delete-all')`;
  await execute(db, statement);
}

/** Returns a query for the rows that contain all of `words`. */
export function rowsWithWords(db: Reader, words: string[]): RawBuilder<{ row: number }> {
  return isPostgres(db)
    ? sql`select "row" from search where words @> ${toTextArray(words)}`
    : sql`select rowid as "row" from search where search match ${toMatchExpression(words)}`;
}

/** Returns a predicate for rows that contain all of `words`. */
export function rowHasWords(db: Reader, row: Expression<number>, words: string[]): RawBuilder<boolean> {
  return isPostgres(db)
    ? sql`exists (select 1 from search where search."row" = ${row} and words @> ${toTextArray(words)})`
    : sql`exists (select 1 from search where rowid = ${row} and search match ${toMatchExpression(words)})`;
}

/** Returns a query for the rows whose label contains all of `words`. */
export function rowsWithLabelWords(db: Reader, words: string[]): RawBuilder<{ row: number }> {
  const labelMatch = `label : (${toMatchExpression(words)})`;
  return isPostgres(db)
    ? sql`select "row" from search where words @> ${toTextArray(words)} and label @> ${toTextArray(words)}`
    : sql`select rowid as "row" from search where search match ${labelMatch}`;
}

// Words consist of letters and digits only: they need no escaping within quotes, and contain no space.
const toMatchExpression = (words: string[]) => words.map((word) => `"${word}"`).join(' AND ');
const toTextArray = (words: string[]) => sql`string_to_array(${words.join(' ')}, ' ')`;
