/** How long the files of everything take to make, and what others wait meanwhile: `npm run bench:archives -- 100000`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../src/app.ts';
import { openStore } from '../src/store/open.ts';
import { fill } from './import-fixtures.ts';
import { progressOf } from './progress.ts';

const facts = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
const store = await openStore(process.argv[3] ?? `file:${join(folder, 'bench.sqlite')}`);
const config = {
  logLevel: 'warn' as const,
  cacheMaxBytes: 0,
  publicUrl: null,
  rateLimitPerMinute: 0,
  trustProxy: [],
};
const app = await buildApp({ store, config });
try {
  await fill(store, { facts, seed: 1, onProgress: progressOf(`${facts} facts`) });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  for (const extension of ['sqlite', 'ndjson.gz']) await measure(url, extension);
} finally {
  await app.close();
  await store.close();
  rmSync(folder, { recursive: true });
}

/** Downloads the file, and asks for a short list again and again meanwhile. */
async function measure(url: string, extension: string): Promise<void> {
  let most = 0;
  let done = false;
  const before = megabytes(process.memoryUsage().rss);
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  const began = performance.now();
  const downloaded = sizeOf(`${url}/v1/exports/summit-facts.${extension}`).finally(() => {
    done = true;
  });
  const waits: number[] = [];
  while (!done) {
    const asked = performance.now();
    await sizeOf(`${url}/v1/events?limit=20`);
    waits.push(performance.now() - asked);
  }
  const bytes = await downloaded;
  clearInterval(watching);
  waits.sort((a, b) => a - b);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const wait = (share: number) => Math.round(waits[Math.floor((waits.length - 1) * share)] ?? 0);
  process.stdout.write(
    `${extension}: ${facts} facts, ${seconds} s, ${megabytes(bytes)} MB; memory ${before} MB before, ${megabytes(most)} MB at most; ` +
      `${waits.length} lists meanwhile, half within ${wait(0.5)} ms, 99 % within ${wait(0.99)} ms, all within ${wait(1)} ms\n`,
  );
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}

async function sizeOf(url: string): Promise<number> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${url} answers ${response.status}`);
  let bytes = 0;
  for await (const chunk of response.body) bytes += chunk.length;
  return bytes;
}
