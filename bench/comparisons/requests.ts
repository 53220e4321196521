/** Requests for the other servers and the expected responses, both derived from the rows. */
import BetterSqlite3 from 'better-sqlite3';
import { getSqlitePath, type Row } from './export-rows.ts';

/** Paths for pages of 20 rows, and for one item. */
export interface RequestUrls {
  page: string;
  pages: (position: PagePosition) => string;
  filtered: (speaker: string) => string;
  item: (id: string) => string;
  search: (word: string) => string;
}

export type RequestKind = keyof RequestUrls;

export const PAGE_SIZE = 20;
/** Maximum number of different requests of a kind. */
const MAX_PARAMETERS = 100;
/** Minimum length of search words; shorter ones are in nearly all texts. */
const MIN_WORD_LENGTH = 4;

/** Start of a page: its number from 1 for offset pagination, and the last id before it for cursors. */
export interface PagePosition {
  page: number;
  afterId: string;
}

export interface RequestParameters {
  /** Positions throughout the list, without the first page. */
  positions: PagePosition[];
  /** Speakers with at least one page of statements. */
  speakers: string[];
  ids: string[];
  /** Words that occur in at least one page of texts, the rarest first. */
  words: string[];
}

/** Reads parameters for which the rows in `folder` have matches; they are the same in every run. */
export function readRequestParameters(folder: string): RequestParameters {
  const db = new BetterSqlite3(getSqlitePath(folder), { readonly: true });
  const selectColumn = (sql: string) => db.prepare(sql).pluck().all() as string[];
  const ids = selectColumn('select id from statements order by id');
  const speakers = selectColumn(
    `select speaker from statements where speaker is not null
      group by speaker having count(*) >= ${PAGE_SIZE} order by speaker`,
  );
  const words = findFrequentWords(selectColumn('select text from statements'));
  db.close();
  const pages = Math.floor(ids.length / PAGE_SIZE);
  const positions = Array.from({ length: Math.max(0, pages - 1) }, (_, n) => ({
    page: n + 2,
    afterId: ids[(n + 1) * PAGE_SIZE - 1] as string,
  }));
  const parameters = {
    positions: sampleEvenly(positions),
    speakers: sampleEvenly(speakers),
    ids: sampleEvenly(ids),
    words,
  };
  for (const [kind, values] of Object.entries(parameters)) {
    if (values.length === 0) throw new Error(`${folder} has too few rows: there are no ${kind} to request`);
  }
  return parameters;
}

/** Expected rows by kind of request. Searches are missing, because rankings differ. */
export interface ExpectedRows {
  page: Row[];
  pages: (place: PagePosition) => Row[];
  filtered: (speaker: string) => Row[];
  item: (id: string) => Row[];
}

/** Calls `use` with the expected rows of the database in `folder`. */
export async function withExpectedRows<T>(
  folder: string,
  use: (expected: ExpectedRows) => Promise<T>,
): Promise<T> {
  const db = new BetterSqlite3(getSqlitePath(folder), { readonly: true });
  const selectRows = (where: string, ...values: string[]) =>
    db.prepare(`select * from statements ${where} order by id limit ${PAGE_SIZE}`).all(...values) as Row[];
  try {
    return await use({
      page: selectRows(''),
      pages: ({ afterId }) => selectRows('where id > ?', afterId),
      filtered: (speaker) => selectRows('where speaker = ?', speaker),
      item: (id) => selectRows('where id = ?', id),
    });
  } finally {
    db.close();
  }
}

function findFrequentWords(texts: string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of new Set(text.toLowerCase().match(/\b[a-z]+\b/g))) {
      if (word.length >= MIN_WORD_LENGTH) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count >= PAGE_SIZE)
    .sort(([a, countOfA], [b, countOfB]) => countOfA - countOfB || (a < b ? -1 : 1))
    .slice(0, MAX_PARAMETERS)
    .map(([word]) => word);
}

/** Selects at most `MAX_PARAMETERS` values at equal distances. */
function sampleEvenly<T>(all: T[]): T[] {
  const step = Math.max(1, all.length / MAX_PARAMETERS);
  return Array.from(
    { length: Math.min(MAX_PARAMETERS, all.length) },
    (_, n) => all[Math.floor(n * step)] as T,
  );
}
