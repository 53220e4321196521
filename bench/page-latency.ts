/**
 * Server time for a page, divided by the server time for the JSON that the page is made of:
 * `npm run bench:pages`. Requests are sequential, on one connection, and the response cache is off.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../src/app.ts';
import { getFactType } from '../src/model/types/index.ts';
import { DOSSIERS_FOLDER, seed } from '../src/seed.ts';
import { openStore } from '../src/store/open.ts';
import { computeSpread } from './stats.ts';

/** Pages, each with the URLs of the same data as JSON. */
const PAGES = [
  [
    'home page',
    '/',
    [
      '/v1/documents?sort=-publishedOn&limit=5',
      '/v1/documents/brussels-2022-03-24/coverage',
      '/v1/events?sort=-startDate&limit=60',
      '/v1/battle-group-deployments?sort=-announcedOn&limit=40',
      '/v1/sanctions-rounds?sort=-ordinal&limit=60',
      '/v1/stances?sort=-reportedOn&limit=60',
      '/v1/statements?sort=-reportedOn&limit=6&mode=direct,mixed',
      '/v1/corrections?limit=5',
    ],
  ],
  [
    'reader',
    '/documents/brussels-2022-03-24',
    [
      '/v1/documents/brussels-2022-03-24',
      '/v1/documents/brussels-2022-03-24.jsonld',
      '/v1/documents/brussels-2022-03-24/text',
      '/v1/documents/brussels-2022-03-24/coverage',
      '/v1/documents/brussels-2022-03-24/facts?limit=200',
      '/v1/documents/brussels-2022-03-24/versions?limit=50',
      '/v1/documents/brussels-2022-03-24/cite',
      '/v1/corrections?fact=document/brussels-2022-03-24&limit=20',
    ],
  ],
  ['statement', '/statements/kallas-stop-the-war-criminal', listFactUrls('statement')],
  [
    'explorer',
    '/explore?collection=events',
    ['/v1/events', `/v1/events/facets?by=${getFactType('event').facetNames.join(',')}&limit=40`],
  ],
  ['embedded card', '/embed/statements/kallas-stop-the-war-criminal', listFactUrls('card')],
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
let workedMs = 0;
app.addHook('onResponse', async (_request, reply) => {
  workedMs += reply.elapsedTime;
});
try {
  await seed(store, DOSSIERS_FOLDER);
  const server = await app.listen({ host: '127.0.0.1', port: 0 });
  for (const [name, path, jsonUrls] of PAGES) await measure(server, name, path, jsonUrls);
} finally {
  await app.close();
  await store.close();
  rmSync(folder, { recursive: true });
}

async function measure(
  server: string,
  name: string,
  path: string,
  jsonUrls: readonly string[],
): Promise<void> {
  await measureWorkMs(server, [path], WARM_UP);
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

/** Returns the URLs of a fact as JSON; a card shows only the fact and its corrections. */
function listFactUrls(kind: 'statement' | 'card'): string[] {
  const path = '/v1/statements/kallas-stop-the-war-criminal';
  const shown = [path, '/v1/corrections?fact=statement/kallas-stop-the-war-criminal&limit=20'];
  if (kind === 'card') return shown;
  return [
    ...shown,
    `${path}.jsonld`,
    `${path}/versions?limit=50`,
    `${path}/cite`,
    `${path}/references?limit=100`,
  ];
}

/** Requests all `paths` repeatedly, and returns the mean server time for all of them in milliseconds. */
async function measureWorkMs(server: string, paths: readonly string[], times: number): Promise<number> {
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
