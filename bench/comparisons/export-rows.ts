/** Export of a store's statements to the SQLite and JSON files that the other servers read. */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { startServer } from '../start-server.ts';

/** Statement with columns to filter and sort by, and its JSON from this API. */
export interface Row {
  id: string;
  label: string;
  text: string;
  mode: string;
  saidOn: string | null;
  reportedOn: string | null;
  /** Id of the first speaker. */
  speaker: string | null;
  event: string | null;
  /** First topic. */
  topic: string | null;
  version: number;
  /** JSON of the fact, so that pages of all servers have about the same size. */
  body: string;
}

/** Fields of a statement that become columns; `body` has the rest unchanged. */
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

/** Copies the database for a server that writes to it or to its folder, and returns the path of the copy. */
export function copySqlite(name: string, folder: string): string {
  const path = join(folder, `${name}.sqlite`);
  // SQLite would replay a WAL of an earlier server into the new file.
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  copyFileSync(getSqlitePath(folder), path);
  return path;
}

/** Writes the current statements of the SQLite store at `store` to `folder`, and returns their number. */
export async function writeRows(store: string, folder: string): Promise<number> {
  const rows = await readRows(store);
  mkdirSync(folder, { recursive: true });
  writeSqlite(rows, folder);
  writeFileSync(getJsonPath(folder), JSON.stringify({ statements: rows }));
  return rows.length;
}

/** Reads the statements in id order from this server, so that the rows match its responses. */
async function readRows(store: string): Promise<Row[]> {
  const { url, stop } = await startServer(store);
  try {
    const rows: Row[] = [];
    for (let next: string | null = `/v1/statements?limit=${MAX_PAGE_SIZE}`; next; ) {
      const response = await fetch(url + next);
      if (response.status !== 200)
        throw new Error(`GET ${next}: status ${response.status}, expected 200: ${await response.text()}`);
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

/** Writes the table from which all servers except json-server read. */
export function writeSqlite(rows: Row[], folder: string): void {
  const path = getSqlitePath(folder);
  rmSync(path, { force: true });
  const db = new BetterSqlite3(path);
  // Each index ends with the id, so that filtered lists need no sort.
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
