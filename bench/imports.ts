/**
 * A dossier of 20,000 facts put to a server, beside bare inserts of the same rows, and what other requests feel of it:
 * `npm run bench:imports`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { parseJson } from '../src/dossier/json.ts';
import { createKey } from '../src/store/keys.ts';
import { openStore, type Store } from '../src/store/open.ts';
import { checkAgainst, importDossier } from '../src/store/write.ts';
import { largeReport, ownId, reportOf } from './dossiers/index.ts';
import { add } from './fill.ts';
import { type BenchServer, startServer } from './server.ts';

const FACTS = Number(process.argv[2] ?? 20_000);
/** What is in the store before: something for the other requests to read. */
const REPORTS = 50;
/** One request is sent this often, whether or not those before have been answered. */
const EVERY_MS = 50;
const QUIET_MS = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
const path = join(folder, 'bench.sqlite');
const { files: large, parsed } = largeReport({ seed: 1, n: REPORTS, facts: FACTS });
// Made beforehand: making it would keep this process from asking anything else.
const body = JSON.stringify({ ...(parsed.value as object), text: large.source });
let server: BenchServer | undefined;
try {
  print(`${FACTS} facts, ${megabytes(large.source)} MB of text, ${megabytes(large.facts)} MB of JSON`);
  const key = await filled();
  server = await startServer(path);
  const { url } = server;
  await whileQuiet('with nothing else to do', url, () => sleep(QUIET_MS));
  const seconds = await whileQuiet('while the dossier comes in', url, () => putLarge(url, key));
  print(`imported by PUT in ${seconds.toFixed(1)} s: ${(FACTS / seconds).toFixed(0)} facts a second`);
  server?.child.kill('SIGTERM');
  await inParts();
  bareInserts();
} finally {
  server?.child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
}

/** A store with some reports in it, and a key to it. */
async function filled(): Promise<string> {
  const store = await openStore(`file:${path}`);
  await addReports(store);
  const { key } = await createKey(store, { name: 'bench', scopes: ['write'], expiresAt: null });
  await store.close();
  return key;
}

/** The reports of whom and what the large one speaks. */
async function addReports(store: Store): Promise<void> {
  for (let n = 0; n < REPORTS; n += 1) await add(store, reportOf({ seed: 1, n }));
}

async function putLarge(url: string, key: string): Promise<void> {
  const response = await fetch(`${url}/v1/dossiers/${large.id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`PUT: ${response.status} ${text}`);
}

/** Asks all the while `work` goes on, and prints how long the answers took; gives how long the work took, in seconds. */
async function whileQuiet(title: string, url: string, work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  const asked: Promise<void>[] = [];
  let working = true;
  const began = performance.now();
  const done = work().finally(() => {
    working = false;
  });
  for (let n = 0; working; n += 1) {
    const due = began + n * EVERY_MS;
    await sleep(Math.max(0, due - performance.now()));
    // From when it was due: a server that stalls is late for all that would have been asked meanwhile.
    asked.push(ask(`${url}${questionOf(n)}`).then(() => void times.push(performance.now() - due)));
  }
  await done;
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(asked);
  times.sort((a, b) => a - b);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1);
  print(
    `${title}: ${times.length} other requests, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(0.9999)} ms`,
  );
  return seconds;
}

function questionOf(n: number): string {
  return [
    `/v1/statements/${ownId(n % REPORTS, 'statement', n % 11)}`,
    `/v1/events?limit=20&participant=person-${n % 300}`,
    `/v1/statements?limit=20&topic=grain&count=true&asOf=${1 + (n % 50)}`,
    `/v1/search?limit=20&q=plan%20${n % 500}`,
  ][n % 4] as string;
}

async function ask(url: string): Promise<void> {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url}: ${response.status}`);
}

/** The same import in this process, part by part. */
async function inParts(): Promise<void> {
  const store = await openStore(`file:${join(folder, 'parts.sqlite')}`);
  await addReports(store);
  const began = performance.now();
  const { dossier } = await checkAgainst(store, large, parseJson(large.facts));
  const checked = performance.now();
  if (!dossier) throw new Error('the large report has problems');
  await importDossier(store, dossier, { author: 'bench', note: 'bench' });
  const seconds = [checked - began, performance.now() - checked].map((ms) => (ms / 1_000).toFixed(1));
  print(`in one process without HTTP: checked in ${seconds[0]} s, planned and written in ${seconds[1]} s`);
  await store.close();
}

/** The rows that the import made, inserted by better-sqlite3 alone into a store without any. */
function bareInserts(): void {
  const from = new BetterSqlite3(join(folder, 'parts.sqlite'), { readonly: true });
  const to = new BetterSqlite3(join(folder, 'bare.sqlite'));
  to.pragma('journal_mode = WAL');
  to.pragma('synchronous = FULL');
  const schema = from.prepare(
    "select sql from sqlite_schema where sql is not null and name not like 'search!_%' escape '!'",
  );
  for (const text of schema.pluck().all() as string[]) to.exec(text);
  const tables = ['revision', 'dossier', 'identity', 'fact', 'term', 'span'].map((name) => {
    const rows = from.prepare(`select * from ${name}`).raw().all() as unknown[][];
    const places = rows[0]?.map(() => '?').join(', ');
    return { insert: to.prepare(`insert into ${name} values (${places})`), rows };
  });
  const facts = tables[3]?.rows.length ?? 0;
  const began = performance.now();
  to.transaction(() => {
    for (const { insert, rows } of tables) for (const row of rows) insert.run(row);
  })();
  const seconds = (performance.now() - began) / 1_000;
  const rows = tables.reduce((sum, table) => sum + table.rows.length, 0);
  print(
    `bare better-sqlite3, the same ${rows} rows without the words of search: ${seconds.toFixed(1)} s, ${(facts / seconds).toFixed(0)} facts a second`,
  );
  from.close();
  to.close();
}

function megabytes(text: string): string {
  return (Buffer.byteLength(text) / 1_000_000).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
