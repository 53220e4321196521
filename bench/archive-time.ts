/**
 * Time to build the archives, and latency of other requests meanwhile: `npm run bench:archives -- 100000`,
 * with the number of facts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp } from '../src/app.ts';
import { openStore } from '../src/store/open.ts';
import { importGeneratedArchive } from './import-fixtures.ts';
import { createProgressReporter } from './progress.ts';

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
  await importGeneratedArchive(store, {
    facts,
    seed: 1,
    onProgress: createProgressReporter(`${facts} facts`),
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  for (const extension of ['sqlite', 'ndjson.gz']) await measure(url, extension);
} finally {
  await app.close();
  await store.close();
  rmSync(folder, { recursive: true });
}

/** Downloads the archive, and repeats a request for a short list until the download ends. */
async function measure(url: string, extension: string): Promise<void> {
  let peakRss = 0;
  let done = false;
  const rssBeforeMb = toMegabytes(process.memoryUsage().rss);
  const timer = setInterval(() => {
    peakRss = Math.max(peakRss, process.memoryUsage().rss);
  }, 50);
  const startedAt = performance.now();
  const download = downloadBytes(`${url}/v1/exports/summit-facts.${extension}`).finally(() => {
    done = true;
  });
  const latencies: number[] = [];
  while (!done) {
    const requestedAt = performance.now();
    await downloadBytes(`${url}/v1/events?limit=20`);
    latencies.push(performance.now() - requestedAt);
  }
  const bytes = await download;
  clearInterval(timer);
  latencies.sort((a, b) => a - b);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const getQuantile = (share: number) =>
    Math.round(latencies[Math.floor((latencies.length - 1) * share)] ?? 0);
  process.stdout.write(
    `${extension}: ${facts} facts, ${seconds} s, ${toMegabytes(bytes)} MB; memory ${rssBeforeMb} MB before, peak ${toMegabytes(peakRss)} MB; ` +
      `${latencies.length} lists meanwhile: p50 ${getQuantile(0.5)} ms, p99 ${getQuantile(0.99)} ms, max ${getQuantile(1)} ms\n`,
  );
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}

async function downloadBytes(url: string): Promise<number> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`GET ${url}: status ${response.status}, expected 200`);
  let bytes = 0;
  for await (const chunk of response.body) bytes += chunk.length;
  return bytes;
}
