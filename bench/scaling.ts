/**
 * Response times and import throughput as the store grows from 10³ to 10⁶ facts: `npm run bench:plot`.
 * Writes bench/scaling.json, from which bench/plot.ts draws docs/performance.svg.
 */
import { copyFileSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../src/store/open.ts';
import { countReports, FACTS_PER_REPORT, type GeneratedDossier, generateReport } from './fixtures/index.ts';
import { getOkResponse } from './http-client.ts';
import { importGeneratedDossier } from './import-fixtures.ts';
import { createFirstPageRequests, createRequests, type RequestSet } from './request-generator.ts';
import { describeMachine } from './results.ts';
import { ON_SERVER_CORE } from './spawn-server.ts';
import { startServer } from './start-server.ts';
import { computeSpread } from './stats.ts';

/** Measurements on one store. */
export interface StoreMeasurement {
  facts: number;
  fileMB: number;
  importFactsPerSecond: number;
  /** Median response times in milliseconds, by kind of request. */
  questions: Record<string, number>;
}

export interface ScalingReport {
  date: string;
  machine: ReturnType<typeof describeMachine>;
  sizes: StoreMeasurement[];
}

/** Maximum number of measured requests of a kind; fewer if `MAX_DURATION_MS` ends first. */
const REQUESTS_PER_KIND = 60;
const WARM_UP = 30;
const MAX_DURATION_MS = 20_000;
const IMPORTED_REPORTS = 10;

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'bench/data' },
    out: { type: 'string', default: join(import.meta.dirname, 'scaling.json') },
  },
});

const sizes: StoreMeasurement[] = [];
for (const facts of [1_000, 10_000, 100_000, 1_000_000]) {
  const path = join(values.data, `${facts}-1.sqlite`);
  if (existsSync(path)) sizes.push(await measure(path, facts));
  else log(`${path} is missing; create it with npm run bench:data -- --facts ${facts} --seed 1`);
}
const scalingReport: ScalingReport = {
  date: new Date().toISOString().slice(0, 10),
  machine: describeMachine(),
  sizes,
};
writeFileSync(values.out, `${JSON.stringify(scalingReport, null, 1)}\n`);

async function measure(path: string, facts: number): Promise<StoreMeasurement> {
  const latencies: StoreMeasurement['questions'] = {};
  const server = await startServer(path, ON_SERVER_CORE);
  try {
    for (const [title, { getPath, getWarmUpPath }] of Object.entries(createScalingRequests(path))) {
      await measureLatencies(server.url, getWarmUpPath, WARM_UP);
      const { median } = computeSpread(await measureLatencies(server.url, getPath, REQUESTS_PER_KIND));
      latencies[title] = Number(median.toPrecision(3));
      log(`${facts} facts, ${title}: ${latencies[title]} ms`);
    }
  } finally {
    await server.stop();
  }
  const importFactsPerSecond = Math.round(await measureImportRate(path, facts));
  log(`${facts} facts, import: ${importFactsPerSecond} facts/s`);
  return {
    facts,
    fileMB: Number((statSync(path).size / 1e6).toPrecision(3)),
    importFactsPerSecond,
    questions: latencies,
  };
}

/** Returns the response times of sequential requests, in milliseconds. */
async function measureLatencies(url: string, path: (n: number) => string, count: number): Promise<number[]> {
  const times: number[] = [];
  const deadline = performance.now() + MAX_DURATION_MS;
  for (let n = 0; n < count && performance.now() < deadline; n += 1) {
    const startedAt = performance.now();
    await getOkResponse(url + path(n));
    times.push(performance.now() - startedAt);
  }
  return times;
}

/** Creates requests without repetition, so that no response comes from the cache. */
function createScalingRequests(path: string): Record<string, Pick<RequestSet, 'getPath' | 'getWarmUpPath'>> {
  const { pages, filtered, items } = createRequests(path);
  const createNumberedRequests = (getPath: RequestSet['getPath']) => ({
    getPath,
    getWarmUpPath: (n: number) => getPath(n + REQUESTS_PER_KIND),
  });
  return {
    'first page': createFirstPageRequests(),
    'page by cursor': pages,
    'filtered page': filtered,
    'single fact': items,
    'rare search': createNumberedRequests((n) => `/v1/search?limit=20&q=plan%20${n}`),
    'frequent search': createNumberedRequests((n) => `/v1/search?limit=${1 + n}&q=grain`),
    facet: createNumberedRequests((n) => `/v1/events/facets?by=kind&limit=${1 + n}`),
  };
}

/** Imports reports into a copy of the store, and returns the facts per second, without the first report. */
async function measureImportRate(path: string, facts: number): Promise<number> {
  const copy = `${path}.copy`;
  copyFileSync(path, copy);
  const store = await openStore(`file:${copy}`);
  try {
    // These follow the reports in the store.
    const reports = Array.from({ length: IMPORTED_REPORTS + 1 }, (_, n) =>
      generateReport({ seed: 1, n: countReports(facts) + n }),
    );
    const [first, ...others] = reports as [GeneratedDossier, ...GeneratedDossier[]];
    await importGeneratedDossier(store, first);
    const startedAt = performance.now();
    for (const report of others) await importGeneratedDossier(store, report);
    return (IMPORTED_REPORTS * FACTS_PER_REPORT * 1_000) / (performance.now() - startedAt);
  } finally {
    await store.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
  }
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
