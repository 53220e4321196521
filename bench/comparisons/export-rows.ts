/** The statements of a store as rows of one table, in the forms that others serve them from. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { startServer } from '../start-server.ts';

/** One statement: some columns to ask by, and all that this API answers of it. */
export interface Row {
  id: string;
  label: string;
  text: string;
  mode: string;
  saidOn: string | null;
  reportedOn: string | null;
  /** The id of the first speaker. */
  speaker: string | null;
  /** The id of the event. */
  event: string | null;
  /** The first topic. */
  topic: string | null;
  version: number;
  /** The JSON of the fact, so that a page has about as many bytes from whoever sends it. */
  body: string;
}

/** What is read of a statement; the rest goes into `body` as it is. */
interface Statement
  extends Pick<Row, 'id' | 'label' | 'text' | 'mode' | 'saidOn' | 'reportedOn' | 'version'> {
  speakers: { id: string }[];
  event: { id: string } | null;
  topics: string[];
}

interface Page {
  data: Statement[];
  links: { next: string | null };
}

const MAX_PAGE_SIZE = 200;

export const getSqlitePath = (folder: string): string => join(folder, 'statements.sqlite');
export const getJsonPath = (folder: string): string => join(folder, 'db.json');

/** A copy of the table for one that writes to its file, or beside it; gives where it is. */
export function copySqlite(name: string, folder: string): string {
  const path = join(folder, `${name}.sqlite`);
  // A log that an earlier server has left would be played back into the new file.
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  copyFileSync(getSqlitePath(folder), path);
  return path;
}

/** Writes the current statements of the SQLite store at `store` into `folder`; gives how many there are. */
export async function writeRows(store: string, folder: string): Promise<number> {
  const rows = await readRows(store);
  mkdirSync(folder, { recursive: true });
  writeSqlite(rows, folder);
  writeFileSync(getJsonPath(folder), JSON.stringify({ statements: rows }));
  return rows.length;
}

/** Asks our own server for them: so they are what it answers, whatever filled the store. In order of their ids. */
async function readRows(store: string): Promise<Row[]> {
  const { url, stop } = await startServer(store);
  try {
    const rows: Row[] = [];
    for (let next: string | null = `/v1/statements?limit=${MAX_PAGE_SIZE}`; next; ) {
      const response = await fetch(url + next);
      if (response.status !== 200) throw new Error(`${next}: ${response.status} ${await response.text()}`);
      const { data, links } = (await response.json()) as Page;
      rows.push(...data.map(toRow));
      next = links.next;
    }
    return rows;
  } finally {
    await stop();
  }
}

function toRow(statement: Statement): Row {
  const { id, label, text, mode, saidOn, reportedOn, version, speakers, event, topics } = statement;
  const [speaker, topic] = [speakers[0]?.id ?? null, topics[0] ?? null];
  const body = JSON.stringify(statement);
  return {
    id,
    label,
    text,
    mode,
    saidOn,
    reportedOn,
    speaker,
    event: event?.id ?? null,
    topic,
    version,
    body,
  };
}

/** Writes them as the table that all but json-server start from. */
export function writeSqlite(rows: Row[], folder: string): void {
  const path = getSqlitePath(folder);
  rmSync(path, { force: true });
  const db = new BetterSqlite3(path);
  // Each index ends in the id, so that a filtered list comes in its order without being sorted.
  db.exec(`
    create table statements (
      id text primary key not null, label text not null, text text not null, mode text not null, saidOn text,
      reportedOn text, speaker text, event text, topic text, version integer not null, body text not null
    );
    create index statements_speaker on statements (speaker, id);
    create index statements_said_on on statements (saidOn, id);
  `);
  const insert = db.prepare(
    `insert into statements values
      (@id, @label, @text, @mode, @saidOn, @reportedOn, @speaker, @event, @topic, @version, @body)`,
  );
  db.transaction(() => {
    for (const row of rows) insert.run(row);
  })();
  db.exec('analyze');
  db.close();
}
