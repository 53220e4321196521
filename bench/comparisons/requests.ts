/** What all are asked, and what they must answer: both follow from the rows. */
import BetterSqlite3 from 'better-sqlite3';
import { getSqlitePath, type Row } from './export-rows.ts';

/** Paths, each of a page of 20 rows but for the item. */
export interface RequestUrls {
  page: string;
  pages: (position: PagePosition) => string;
  filtered: (speaker: string) => string;
  item: (id: string) => string;
  search: (word: string) => string;
}

export type RequestKind = keyof RequestUrls;

export const PAGE_SIZE = 20;
/** As many different questions of a kind, if the rows have so many. */
const MAX_PARAMETERS = 100;
/** Words shorter than this are in nearly all texts. */
const MIN_WORD_LENGTH = 4;

/** Where a page begins: for those who count pages, from 1 on, and for those who go on after the last id. */
export interface PagePosition {
  page: number;
  afterId: string;
}

export interface RequestParameters {
  /** Pages all over the list, none of them the first. */
  positions: PagePosition[];
  /** Those with at least a page of statements. */
  speakers: string[];
  ids: string[];
  /** Words that stand in at least a page of texts, the rarest first. */
  words: string[];
}

/** The questions that the rows in `folder` have answers to, the same ones every time. */
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
    if (values.length === 0) throw new Error(`${folder} has too few rows: there are no ${kind} to ask for`);
  }
  return parameters;
}

/** The rows that a question must be answered with; of a search only what all of them must hold. */
export interface ExpectedRows {
  page: Row[];
  pages: (place: PagePosition) => Row[];
  filtered: (speaker: string) => Row[];
  item: (id: string) => Row[];
}

/** Calls `use` with what must be answered on the rows in `folder`. */
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

/** At most `MOST` of `all`, from everywhere in it. */
function sampleEvenly<T>(all: T[]): T[] {
  const step = Math.max(1, all.length / MAX_PARAMETERS);
  return Array.from(
    { length: Math.min(MAX_PARAMETERS, all.length) },
    (_, n) => all[Math.floor(n * step)] as T,
  );
}
