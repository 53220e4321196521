/**
 * Time from start until /readyz responds, and memory of the server, compared with a minimal server:
 * `npm run bench:start`, optionally with the number of rounds. Linux only, because it reads /proc.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { factTypes } from '../src/model/types/index.ts';
import { examples } from '../src/web/docs/examples.ts';
import { getOkResponse } from './http-client.ts';
import { getCpuMs, getResidentMb } from './process-stats.ts';
import { computeSpread, type Spread } from './stats.ts';

export interface StartupOptions {
  rounds?: number;
  /** Idle time of a server before its memory is measured. */
  idleMs?: number;
}

/** Measurements of one start. Memory is resident, in megabytes of 2^20 bytes. */
export interface StartupTime {
  readyMs: number;
  /** CPU time until ready, which other processes disturb less than the elapsed time. */
  cpuMs: number;
  idleMb: number;
  /** Memory after `REQUESTS`. */
  loadedMb: number;
}

export interface StartupReport {
  startRatio: number;
  cpuRatio: number;
  memoryRatio: number;
  usedMemoryRatio: number;
  ours: StartupTime[];
  minimal: StartupTime[];
}

/** Fifty requests: the examples at /docs, then a page, an item, facets and CSV of each collection. */
const REQUESTS = [
  ...examples.map(({ url }) => url),
  ...factTypes.flatMap(({ collection, exampleId, facetNames }) => [
    `/v1/${collection}?limit=20`,
    `/v1/${collection}/${exampleId}`,
    `/v1/${collection}/facets?by=${facetNames[0]}`,
    `/v1/${collection}.csv`,
  ]),
].slice(0, 50);

/** Starts both servers in turn. Discards the first round, which creates store and compile cache. */
export async function measureStartup({
  rounds = 9,
  idleMs = 3_000,
}: StartupOptions = {}): Promise<StartupReport> {
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
  const runs = {
    minimal: { args: ['bench/baselines/minimal-server.ts', join(folder, 'hello.sqlite')], urls: ['/readyz'] },
    ours: { args: ['bin/start.js'], urls: REQUESTS },
  };
  const environment = { DATABASE_URL: `file:${join(folder, 'ours.sqlite')}`, PORT: '0' };
  const startups = { ours: [] as StartupTime[], minimal: [] as StartupTime[] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const name of ['minimal', 'ours'] as const) {
        const { args, urls } = runs[name];
        const start = await measureStart(args, urls, environment, round === 0 ? 0 : idleMs);
        if (round > 0) startups[name].push(start);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const ratio = (key: keyof StartupTime) =>
    computeKeySpread(startups.ours, key).median / computeKeySpread(startups.minimal, key).median;
  return {
    startRatio: ratio('readyMs'),
    cpuRatio: ratio('cpuMs'),
    memoryRatio: ratio('idleMb'),
    usedMemoryRatio: ratio('loadedMb'),
    ...startups,
  };
}

async function measureStart(
  args: string[],
  urls: string[],
  environment: Record<string, string>,
  idleMs: number,
): Promise<StartupTime> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await readUrl(child);
    await getOkResponse(`${url}/readyz`);
    const readyMs = performance.now() - startedAt;
    const cpuMs = getCpuMs(child.pid);
    await sleep(idleMs);
    const idleMb = getResidentMb(child.pid);
    for (let n = 0; n < REQUESTS.length; n += 1) await getOkResponse(url + urls[n % urls.length]);
    return { readyMs, cpuMs, idleMb, loadedMb: getResidentMb(child.pid) };
  } finally {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}

/** Waits for the URL that the server prints. */
async function readUrl(child: ChildProcess): Promise<string> {
  for await (const chunk of child.stdout ?? []) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))?.[0];
    if (url) return url;
  }
  throw new Error('The server exited before it listened');
}

const computeKeySpread = (starts: StartupTime[], key: keyof StartupTime): Spread =>
  computeSpread(starts.map((start) => start[key]));

function print({ ours, minimal, ...ratios }: StartupReport): void {
  const lines = [
    ['ready after, ms', 'readyMs', ratios.startRatio],
    ['CPU time, ms', 'cpuMs', ratios.cpuRatio],
    ['idle memory, MB', 'idleMb', ratios.memoryRatio],
    [`after ${REQUESTS.length} requests, MB`, 'loadedMb', ratios.usedMemoryRatio],
  ] as const;
  const formatSpread = (starts: StartupTime[], key: keyof StartupTime) => {
    const { median, min, max } = computeKeySpread(starts, key);
    return `${median.toFixed(0)} (${min.toFixed(0)} to ${max.toFixed(0)})`;
  };
  process.stdout.write(
    `${'medians'.padEnd(24)}${'minimal server'.padEnd(20)}${'this server'.padEnd(20)}ratio\n`,
  );
  for (const [title, key, ratio] of lines) {
    const row = `${title.padEnd(24)}${formatSpread(minimal, key).padEnd(20)}${formatSpread(ours, key).padEnd(20)}`;
    process.stdout.write(`${row}${ratio.toFixed(2)}\n`);
  }
}

if (import.meta.main) print(await measureStartup({ rounds: Number(process.argv[2] ?? 9) }));
