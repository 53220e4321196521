/**
 * How fast lists of many facts are exported, and in how much memory: `npm run bench:exports -- 100000`. The server runs in a
 * process of its own, and the client only counts.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../src/store/open.ts';
import { fill } from './fill.ts';
import type { Running } from './launch.ts';
import { progressOf } from './progress.ts';
import { startServer } from './server.ts';

const FACTS = Number(process.argv[2] ?? 100_000);
/** How often each export is asked for; the median is printed. */
const ROUNDS = 3;
/** How often the memory of the server is looked at. */
const EVERY_MS = 20;

const EXPORTS = [
  '/v1/statements.csv',
  '/v1/statements.ndjson',
  '/v1/events.csv',
  '/v1/events.ndjson',
  ...process.argv.slice(3),
];

const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
const path = join(folder, 'bench.sqlite');
let server: Running | undefined;
try {
  await makeStore();
  server = await startServer(path);
  const { url } = server;
  print(`at rest the server has ${memoryOf(server?.pid)} MB`);
  for (const of of EXPORTS) await measure(url, of);
} finally {
  await server?.stop();
  rmSync(folder, { recursive: true });
}

async function makeStore(): Promise<void> {
  const store = await openStore(`file:${path}`);
  const began = performance.now();
  await fill(store, { facts: FACTS, seed: 1, onProgress: progressOf(`${FACTS} facts`) });
  await store.close();
  print(`about ${FACTS} facts imported in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
}

async function measure(url: string, of: string): Promise<void> {
  const found: { seconds: number; firstByteMs: number; bytes: number; rows: number; megabytes: number }[] =
    [];
  for (let round = 0; round < ROUNDS; round += 1) {
    let megabytes = 0;
    const watch = setInterval(() => {
      megabytes = Math.max(megabytes, memoryOf(server?.pid));
    }, EVERY_MS);
    const began = performance.now();
    const response = await fetch(url + of);
    if (response.status !== 200) throw new Error(`${of}: ${response.status} ${await response.text()}`);
    let [bytes, rows, firstByteMs] = [0, 0, 0];
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      firstByteMs ||= performance.now() - began;
      bytes += chunk.length;
      // Every line of these formats is a row.
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) rows += 1;
    }
    clearInterval(watch);
    found.push({ seconds: (performance.now() - began) / 1_000, firstByteMs, bytes, rows, megabytes });
  }
  const [median] = found.sort((a, b) => a.seconds - b.seconds).slice(Math.floor(ROUNDS / 2));
  if (!median) return;
  const { seconds, firstByteMs, bytes, rows } = median;
  const most = Math.max(...found.map(({ megabytes }) => megabytes));
  print(
    `${of}: ${rows} lines, ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(2)} s, ${(rows / seconds).toFixed(0)} a second; ` +
      `first byte after ${firstByteMs.toFixed(0)} ms; the server had ${most} MB at most`,
  );
}

/** Resident memory of a process in MB. */
function memoryOf(pid: number | undefined): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kilobytes) / 1_024);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
