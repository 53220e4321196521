/**
 * How fast dossiers come in, beside bare inserts of the same rows, and what other requests feel of a large one:
 * `npm run bench:imports`, or with how many facts are in the large one, and how many in reports:
 * `npm run bench:imports -- 20000 100000`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../src/store/open.ts';
import { createKey } from '../src/store/queries/api-keys.ts';
import { FACTS_PER_REPORT, largeReport, ownId, reportOf } from './fixtures/index.ts';
import { add } from './import-fixtures.ts';
import { describeRate, importRate } from './import-throughput.ts';
import type { Running } from './spawn-server.ts';
import { startServer } from './start-server.ts';

const FACTS = Number(process.argv[2] ?? 20_000);
const FACTS_IN_REPORTS = Number(process.argv[3] ?? 40_000);
/** How many reports come in one way before they do in the next. */
const REPORTS_A_ROUND = 20;
/** How often the large one comes in, each time into an empty store. */
const LARGE_ROUNDS = 3;
/** What is in the store before: something for the other requests to read. */
const REPORTS = 50;
/** One request is sent this often, whether or not those before have been answered. */
const EVERY_MS = 50;
const QUIET_MS = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
const path = join(folder, 'bench.sqlite');
const before = Array.from({ length: REPORTS }, (_, n) => reportOf({ seed: 1, n }));
const largeMade = largeReport({ seed: 1, n: REPORTS, facts: FACTS });
const { files: large, parsed } = largeMade;
// Made beforehand: making it would keep this process from asking anything else.
const body = JSON.stringify({ ...(parsed.value as object), text: large.source });
let server: Running | undefined;
try {
  print(`${FACTS} facts, ${megabytes(large.source)} MB of text, ${megabytes(large.facts)} MB of JSON`);
  const key = await filled();
  server = await startServer(path);
  const { url } = server;
  await whileQuiet('with nothing else to do', url, () => sleep(QUIET_MS));
  const seconds = await whileQuiet('while the dossier comes in', url, () => putLarge(url, key));
  print(`imported by PUT in ${seconds.toFixed(1)} s: ${(FACTS / seconds).toFixed(0)} facts a second`);
  await server.stop();
  await compareWithBare();
} finally {
  await server?.stop();
  rmSync(folder, { recursive: true });
}

/** A store with some reports in it, and a key to it. */
async function filled(): Promise<string> {
  const store = await openStore(`file:${path}`);
  for (const made of before) await add(store, made);
  const { key } = await createKey(store, { name: 'bench', scopes: ['write'], expiresAt: null });
  await store.close();
  return key;
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

/** In this process, without HTTP and the thread that a server has for imports. */
async function compareWithBare(): Promise<void> {
  const rounds = Math.ceil(FACTS_IN_REPORTS / FACTS_PER_REPORT / REPORTS_A_ROUND);
  const sets = Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: REPORTS_A_ROUND }, (_, n) =>
      reportOf({ seed: 1, n: REPORTS + round * REPORTS_A_ROUND + n }),
    ),
  );
  print(`\n${rounds} rounds of ${REPORTS_A_ROUND} dossiers of ${FACTS_PER_REPORT} facts each:`);
  print(describeRate(await importRate(folder, before, sets)));
  print(`\n${LARGE_ROUNDS} rounds of one dossier of ${FACTS} facts:`);
  print(describeRate(await importRate(folder, before, Array(LARGE_ROUNDS).fill([largeMade]), true)));
}

function megabytes(text: string): string {
  return (Buffer.byteLength(text) / 1_000_000).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
