/** What all are asked, and what they must answer: both follow from the rows. */
import BetterSqlite3 from 'better-sqlite3';
import { type Row, sqliteIn } from './export-rows.ts';

/** Paths, each of a page of 20 rows but for the item. */
export interface Urls {
  page: string;
  pages: (place: Place) => string;
  filtered: (speaker: string) => string;
  item: (id: string) => string;
  search: (word: string) => string;
}

export type Workload = keyof Urls;

export const PAGE_SIZE = 20;
/** As many different questions of a kind, if the rows have so many. */
const MOST = 100;
/** Words shorter than this are in nearly all texts. */
const SHORTEST_WORD = 4;

/** Where a page begins: for those who count pages, from 1 on, and for those who go on after the last id. */
export interface Place {
  page: number;
  after: string;
}

export interface Questions {
  /** Pages all over the list, none of them the first. */
  places: Place[];
  /** Those with at least a page of statements. */
  speakers: string[];
  ids: string[];
  /** Words that stand in at least a page of texts, the rarest first. */
  words: string[];
}

/** The questions that the rows in `folder` have answers to, the same ones every time. */
export function questionsOn(folder: string): Questions {
  const db = new BetterSqlite3(sqliteIn(folder), { readonly: true });
  const column = (sql: string) => db.prepare(sql).pluck().all() as string[];
  const ids = column('select id from statements order by id');
  const speakers = column(
    `select speaker from statements where speaker is not null
      group by speaker having count(*) >= ${PAGE_SIZE} order by speaker`,
  );
  const words = wordsOf(column('select text from statements'));
  db.close();
  const pages = Math.floor(ids.length / PAGE_SIZE);
  const places = Array.from({ length: Math.max(0, pages - 1) }, (_, n) => ({
    page: n + 2,
    after: ids[(n + 1) * PAGE_SIZE - 1] as string,
  }));
  const questions = { places: spread(places), speakers: spread(speakers), ids: spread(ids), words };
  for (const [kind, found] of Object.entries(questions)) {
    if (found.length === 0) throw new Error(`${folder} has too few rows: there are no ${kind} to ask for`);
  }
  return questions;
}

/** The rows that a question must be answered with; of a search only what all of them must hold. */
export interface Expected {
  page: Row[];
  pages: (place: Place) => Row[];
  filtered: (speaker: string) => Row[];
  item: (id: string) => Row[];
}

/** Calls `use` with what must be answered on the rows in `folder`. */
export async function withExpected<T>(folder: string, use: (expected: Expected) => Promise<T>): Promise<T> {
  const db = new BetterSqlite3(sqliteIn(folder), { readonly: true });
  const rows = (where: string, ...values: string[]) =>
    db.prepare(`select * from statements ${where} order by id limit ${PAGE_SIZE}`).all(...values) as Row[];
  try {
    return await use({
      page: rows(''),
      pages: ({ after }) => rows('where id > ?', after),
      filtered: (speaker) => rows('where speaker = ?', speaker),
      item: (id) => rows('where id = ?', id),
    });
  } finally {
    db.close();
  }
}

function wordsOf(texts: string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of new Set(text.toLowerCase().match(/\b[a-z]+\b/g))) {
      if (word.length >= SHORTEST_WORD) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count >= PAGE_SIZE)
    .sort(([a, countOfA], [b, countOfB]) => countOfA - countOfB || (a < b ? -1 : 1))
    .slice(0, MOST)
    .map(([word]) => word);
}

/** At most `MOST` of `all`, from everywhere in it. */
function spread<T>(all: T[]): T[] {
  const step = Math.max(1, all.length / MOST);
  return Array.from({ length: Math.min(MOST, all.length) }, (_, n) => all[Math.floor(n * step)] as T);
}
