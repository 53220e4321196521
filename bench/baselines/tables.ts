/**
 * Tables of the baseline, each for one kind of request, with the complete JSON of every fact at the newest
 * revision. They support no earlier revision and no other sort or filter. Statements are blobs, because that
 * builds a page in two thirds of the time that text takes; single facts are text, which is sent faster.
 */
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { buildFactLinks, toFacts } from '../../src/api/serialize/serialize-facts.ts';
import { collectSearchTexts, collectSearchWords } from '../../src/model/index-terms.ts';
import { getFactType } from '../../src/model/types/index.ts';
import { readSynonyms, type Synonyms } from '../../src/search/synonyms.ts';
import { openReadOnlyStore, type ReadOnlyStore, SYNONYMS_FILE } from '../../src/store/open.ts';
import { type FactRow, findFactsByRows } from '../../src/store/queries/facts.ts';

const BATCH_SIZE = 500;
const CURRENT_REV_TO = 2_147_483_647;

/** Rows in the order of lists. */
const CURRENT_ROWS_SQL = `select row from fact where rev_to = ${CURRENT_REV_TO} and retracted is null order by type, id`;
/** Rows in the order of search results, so that the word index returns them ranked. */
const RANKED_ROWS_SQL = `select row from fact where rev_to = ${CURRENT_REV_TO} and retracted is null
  order by coalesce(reported_on, '') desc, type, id`;

const CREATE_TABLES_SQL = `
  create table about (revision integer not null, recorded_at text not null, made_by text not null);
  create table item (n integer primary key, type text not null, id text not null, json text not null);
  create table statement (n integer primary key, id text not null unique, json blob not null);
  create table filtered (
    name text not null, value text not null, id text not null, n integer not null, primary key (name, value, id)
  ) without rowid;
  create table hit (
    n integer primary key, type text not null, id text not null, reported_on text, head text not null, texts text not null,
    tail text not null
  );
  create virtual table words using fts5(label, text, content='', detail=column, tokenize='ascii');
`;

/** Hash of this file: tables that an earlier version created are created again. */
const SCRIPT_HASH = hash('sha256', readFileSync(import.meta.filename));

/**
 * Creates the tables from the SQLite store at `store`, which must be migrated, unless they exist for its
 * newest revision. Returns `path`.
 */
export async function createBaselineTables(store: string, path: string): Promise<string> {
  const metadata = [
    ...selectFirstRow(store, 'select n, recorded_at from revision order by n desc limit 1'),
    SCRIPT_HASH,
  ];
  if (existsSync(path) && String(selectFirstRow(path, 'select * from about')) === String(metadata))
    return path;
  const partialPath = `${path}.part`;
  for (const file of [path, partialPath]) rmSync(file, { force: true });
  mkdirSync(dirname(path), { recursive: true });
  const source = await openReadOnlyStore(`file:${store}`);
  const [raw, target] = [new BetterSqlite3(store, { readonly: true }), new BetterSqlite3(partialPath)];
  try {
    target.pragma('journal_mode = OFF');
    target.pragma('synchronous = OFF');
    target.exec(CREATE_TABLES_SQL);
    target.prepare('insert into about values (?, ?, ?)').run(metadata);
    await addFacts(source, target, selectRows(raw, CURRENT_ROWS_SQL), metadata[0] as number);
    await addHits(source, target, selectRows(raw, RANKED_ROWS_SQL));
    target.exec('create unique index item_id on item (type, id); analyze');
  } finally {
    raw.close();
    target.close();
    await source.close();
  }
  renameSync(partialPath, path);
  return path;
}

const selectRows = (database: BetterSqlite3.Database, sql: string): number[] =>
  database.prepare(sql).pluck().all() as number[];

function selectFirstRow(path: string, sql: string): (number | string)[] {
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    return database.prepare(sql).raw().get() as (number | string)[];
  } finally {
    database.close();
  }
}

interface Statement {
  speakers: { id: string }[];
  topics: string[];
}

async function addFacts(
  source: ReadOnlyStore,
  target: BetterSqlite3.Database,
  rows: number[],
  revision: number,
): Promise<void> {
  const insert = target.prepare('insert into item values (?, ?, ?, ?)');
  const insertStatement = target.prepare('insert into statement values (?, ?, ?)');
  const insertValue = target.prepare('insert or ignore into filtered values (?, ?, ?, ?)');
  let n = 0;
  for (const batch of splitIntoBatches(rows)) {
    const facts = await source.read(async (db) => toFacts(db, revision, await findFactsByRows(db, batch)));
    target.transaction(() => {
      for (const fact of facts) {
        const { type, id } = fact;
        const json = JSON.stringify(fact);
        n += 1;
        insert.run(n, type, id, json);
        if (type !== 'statement') continue;
        insertStatement.run(n, id, Buffer.from(json));
        const { speakers, topics } = fact as unknown as Statement;
        for (const speaker of speakers) insertValue.run('speaker', speaker.id, id, n);
        for (const topic of topics) insertValue.run('topic', topic, id, n);
      }
    })();
  }
}

async function addHits(source: ReadOnlyStore, target: BetterSqlite3.Database, rows: number[]): Promise<void> {
  const synonyms = readSynonyms(SYNONYMS_FILE);
  const insert = target.prepare('insert into hit values (?, ?, ?, ?, ?, ?, ?)');
  const insertWords = target.prepare('insert into words (rowid, label, text) values (?, ?, ?)');
  let n = 0;
  for (const batch of splitIntoBatches(rows)) {
    const facts = await source.read((db) => findFactsByRows(db, batch));
    target.transaction(() => {
      for (const fact of facts) {
        n += 1;
        const { head, texts, tail, words } = toHit(fact, synonyms);
        insert.run(n, fact.type, fact.id, fact.reported_on, head, texts, tail);
        insertWords.run(n, words.label.join(' '), words.text.join(' '));
      }
    })();
  }
  target.exec(`insert into words (words) values ('optimize')`);
}

/** Prepares the JSON of a search result without its snippet, which depends on the query. */
function toHit({ type, id, label, body }: FactRow, synonyms: Synonyms) {
  const factType = getFactType(type);
  const parsed = JSON.parse(body);
  return {
    head: `${JSON.stringify({ type, id, label }).slice(0, -1)},"snippet":`,
    texts: JSON.stringify([...collectSearchTexts(factType, parsed), label]),
    tail: `,"links":${JSON.stringify(buildFactLinks({ type, id }))}}`,
    words: collectSearchWords(factType, parsed, label, synonyms),
  };
}

function* splitIntoBatches(rows: number[]): Generator<number[]> {
  for (let from = 0; from < rows.length; from += BATCH_SIZE) yield rows.slice(from, from + BATCH_SIZE);
}
