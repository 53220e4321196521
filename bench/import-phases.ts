/**
 * Import throughput compared with raw inserts of the same rows, and latency of other requests during the
 * import of a large dossier: `npm run bench:imports`. Optional arguments are the number of facts in the large
 * dossier and the number of facts in reports: `npm run bench:imports -- 20000 100000`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKey } from '../src/store/api-keys.ts';
import { openStore } from '../src/store/open.ts';
import { createFactId, FACTS_PER_REPORT, generateLargeReport, generateReport } from './fixtures/index.ts';
import { getOkResponse } from './http-client.ts';
import { importGeneratedDossier } from './import-fixtures.ts';
import { formatRates, measureImports } from './import-throughput.ts';
import type { ServerProcess } from './spawn-server.ts';
import { startServer } from './start-server.ts';

const FACTS = Number(process.argv[2] ?? 20_000);
const FACTS_IN_REPORTS = Number(process.argv[3] ?? 40_000);
/** Number of reports that one import method imports before the next one's turn. */
const REPORTS_PER_ROUND = 20;
/** Number of imports of the large dossier, each into a new store. */
const LARGE_ROUNDS = 3;
/** Number of reports that are in the store before, for other requests to read. */
const EXISTING_REPORTS = 50;
/** Interval at which requests are sent, without waiting for earlier responses. */
const REQUEST_INTERVAL_MS = 50;
const IDLE_MS = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
const path = join(folder, 'bench.sqlite');
const existingReports = Array.from({ length: EXISTING_REPORTS }, (_, n) => generateReport({ seed: 1, n }));
const largeDossier = generateLargeReport({ seed: 1, n: EXISTING_REPORTS, facts: FACTS });
const { files: largeFiles, parsed } = largeDossier;
// Serialized in advance: serializing it later would delay the other requests of this process.
const body = JSON.stringify({ ...(parsed.value as object), text: largeFiles.source });
let server: ServerProcess | undefined;
try {
  print(
    `${FACTS} facts, ${formatMegabytes(largeFiles.source)} MB of text, ${formatMegabytes(largeFiles.facts)} MB of JSON`,
  );
  const key = await createStoreWithReports();
  server = await startServer(path);
  const { url } = server;
  await measureLatencyDuring('without other load', url, () => sleep(IDLE_MS));
  const seconds = await measureLatencyDuring('during the import', url, () => putLarge(url, key));
  print(`imported by PUT in ${seconds.toFixed(1)} s: ${(FACTS / seconds).toFixed(0)} facts/s`);
  await server.stop();
  await compareWithRawInserts();
} finally {
  await server?.stop();
  rmSync(folder, { recursive: true });
}

/** Creates a store with some reports, and returns an API key for it. */
async function createStoreWithReports(): Promise<string> {
  const store = await openStore(`file:${path}`);
  for (const dossier of existingReports) await importGeneratedDossier(store, dossier);
  const { key } = await createKey(store, { name: 'bench', scopes: ['write'], expiresAt: null });
  await store.close();
  return key;
}

async function putLarge(url: string, key: string): Promise<void> {
  const response = await fetch(`${url}/v1/dossiers/${largeFiles.id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`PUT: status ${response.status}, expected 201: ${text}`);
}

/** Sends requests while `work` runs, prints their latencies, and returns the seconds that the work took. */
async function measureLatencyDuring(title: string, url: string, work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  const requests: Promise<void>[] = [];
  let isRunning = true;
  const startedAt = performance.now();
  const workDone = work().finally(() => {
    isRunning = false;
  });
  for (let n = 0; isRunning; n += 1) {
    const dueAt = startedAt + n * REQUEST_INTERVAL_MS;
    await sleep(Math.max(0, dueAt - performance.now()));
    // Measured from the time it was due: a server that stalls delays all requests that are due meanwhile.
    requests.push(
      getOkResponse(`${url}${createPath(n)}`).then(() => void times.push(performance.now() - dueAt)),
    );
  }
  await workDone;
  const seconds = (performance.now() - startedAt) / 1_000;
  await Promise.all(requests);
  times.sort((a, b) => a - b);
  const formatQuantile = (share: number) =>
    (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1);
  print(
    `${title}: ${times.length} other requests, p50 ${formatQuantile(0.5)} ms, p99 ${formatQuantile(0.99)} ms, longest ${formatQuantile(0.9999)} ms`,
  );
  return seconds;
}

function createPath(n: number): string {
  return [
    `/v1/statements/${createFactId(n % EXISTING_REPORTS, 'statement', n % 11)}`,
    `/v1/events?limit=20&participant=person-${n % 300}`,
    `/v1/statements?limit=20&topic=grain&count=true&asOf=${1 + (n % 50)}`,
    `/v1/search?limit=20&q=plan%20${n % 500}`,
  ][n % 4] as string;
}

/** Runs the imports in this process, without HTTP and without the server's worker thread for imports. */
async function compareWithRawInserts(): Promise<void> {
  const rounds = Math.ceil(FACTS_IN_REPORTS / FACTS_PER_REPORT / REPORTS_PER_ROUND);
  const dossierSets = Array.from({ length: rounds }, (_, round) =>
    Array.from({ length: REPORTS_PER_ROUND }, (_, n) =>
      generateReport({ seed: 1, n: EXISTING_REPORTS + round * REPORTS_PER_ROUND + n }),
    ),
  );
  print(`\n${rounds} rounds of ${REPORTS_PER_ROUND} dossiers of ${FACTS_PER_REPORT} facts each:`);
  print(formatRates(await measureImports(folder, existingReports, dossierSets)));
  print(`\n${LARGE_ROUNDS} rounds of one dossier of ${FACTS} facts:`);
  print(
    formatRates(
      await measureImports(folder, existingReports, Array(LARGE_ROUNDS).fill([largeDossier]), true),
    ),
  );
}

function formatMegabytes(text: string): string {
  return (Buffer.byteLength(text) / 1_000_000).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
