/**
 * Server time for a page, divided by the server time for the JSON that the page is made of:
 * `npm run bench:pages`. Requests are sequential, on one connection, and the response cache is off.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../src/app.ts';
import { isSubRequest } from '../src/http/sub-request.ts';
import { DOSSIERS_FOLDER, seed } from '../src/seed.ts';
import { openStore } from '../src/store/open.ts';
import { computeSpread } from './stats.ts';

const PAGES = [
  ['home page', '/'],
  ['reader', '/documents/brussels-2022-03-24'],
  ['statement', '/statements/kallas-stop-the-war-criminal'],
  ['explorer', '/explore?collection=events'],
  ['embedded card', '/embed/statements/kallas-stop-the-war-criminal'],
] as const;
const WARM_UP = 100;
const ROUNDS = 9;
const REQUESTS_PER_ROUND = 40;

const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
const store = await openStore(`file:${join(folder, 'bench.sqlite')}`);
const config = {
  logLevel: 'warn' as const,
  cacheMaxBytes: 0,
  publicUrl: null,
  rateLimitPerMinute: 0,
  trustProxy: [],
};
const app = await buildApp({ store, config });
const subRequestUrls = new Set<string>();
let workedMs = 0;
app.addHook('onRequest', async (request) => {
  if (isSubRequest(request)) subRequestUrls.add(request.url);
});
app.addHook('onResponse', async (request, reply) => {
  if (!isSubRequest(request)) workedMs += reply.elapsedTime;
});
try {
  await seed(store, DOSSIERS_FOLDER);
  const server = await app.listen({ host: '127.0.0.1', port: 0 });
  for (const [name, path] of PAGES) await measure(server, name, path);
} finally {
  await app.close();
  await store.close();
  rmSync(folder, { recursive: true });
}

async function measure(server: string, name: string, path: string): Promise<void> {
  subRequestUrls.clear();
  await measureWorkMs(server, [path], WARM_UP);
  const jsonUrls = [...subRequestUrls];
  await measureWorkMs(server, jsonUrls, WARM_UP);
  const rounds: { page: number; parts: number; ratio: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const page = await measureWorkMs(server, [path], REQUESTS_PER_ROUND);
    const parts = await measureWorkMs(server, jsonUrls, REQUESTS_PER_ROUND);
    rounds.push({ page, parts, ratio: page / parts });
  }
  const formatSpread = (column: 'page' | 'parts' | 'ratio') => {
    const { median, min, max } = computeSpread(rounds.map((round) => round[column]));
    return `${median.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)})`;
  };
  process.stdout.write(
    `${name}: ${formatSpread('page')} ms; its ${jsonUrls.length} JSON requests ${formatSpread('parts')} ms; ratio ${formatSpread('ratio')}\n`,
  );
}

/** Requests all `paths` repeatedly, and returns the mean server time for all of them in milliseconds. */
async function measureWorkMs(server: string, paths: string[], times: number): Promise<number> {
  workedMs = 0;
  for (let n = 0; n < times; n += 1) {
    for (const path of paths) {
      const response = await fetch(server + path);
      if (response.status !== 200) throw new Error(`GET ${path}: status ${response.status}, expected 200`);
      await response.arrayBuffer();
    }
  }
  // The onResponse hook of the last response may run after the client has read it.
  await new Promise((resolve) => setTimeout(resolve, 5));
  return workedMs / times;
}
