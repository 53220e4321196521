/**
 * How long a start takes until /readyz answers, and how much memory the server then has, beside the least that such a server
 * can be: `npm run bench:start`. Linux only, as it asks /proc for the memory.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { factTypes } from '../src/model/types/index.ts';
import { examples } from '../src/web/docs/examples.ts';

export interface StartupOptions {
  rounds?: number;
  /** How long a server is left alone before its memory is looked at. */
  idleMs?: number;
}

/** What one start came to: milliseconds, and megabytes (of 2^20 bytes) that are resident. */
export interface StartupTime {
  readyMs: number;
  /** What the process has taken of the processors until then: others that run meanwhile disturb it less. */
  cpuMs: number;
  idleMb: number;
  /** After `REQUESTS`. */
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

/** Fifty requests: the questions of the page at /docs, and the collections in turn, each asked in another way. */
const REQUESTS = [
  ...examples.map(({ url }) => url),
  ...factTypes.flatMap(({ collection, exampleId, facetNames }) => [
    `/v1/${collection}?limit=20`,
    `/v1/${collection}/${exampleId}`,
    `/v1/${collection}/facets?by=${facetNames[0]}`,
    `/v1/${collection}.csv`,
  ]),
].slice(0, 50);

/** Starts both by turns. The first of each is not counted: it makes the store, and has nothing compiled. */
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
    computeMedian(startups.ours, key) / computeMedian(startups.minimal, key);
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
    await getOk(`${url}/readyz`);
    const readyMs = performance.now() - startedAt;
    const cpuMs = getCpuMs(child.pid);
    await sleep(idleMs);
    const idleMb = getResidentMb(child.pid);
    for (let n = 0; n < REQUESTS.length; n += 1) await getOk(url + urls[n % urls.length]);
    return { readyMs, cpuMs, idleMb, loadedMb: getResidentMb(child.pid) };
  } finally {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}

/** Where a server listens, as it prints that itself. */
async function readUrl(child: ChildProcess): Promise<string> {
  for await (const chunk of child.stdout ?? []) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))?.[0];
    if (url) return url;
  }
  throw new Error('the server ended');
}

async function getOk(url: string): Promise<void> {
  const response = await fetch(url);
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}: ${body}`);
}

function getResidentMb(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

/** Linux counts in hundredths of a second; the name of the program may hold anything, and ends with the last parenthesis. */
function getCpuMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const sortValues = (starts: StartupTime[], key: keyof StartupTime): number[] =>
  starts.map((start) => start[key]).sort((a, b) => a - b);

const computeMedian = (starts: StartupTime[], key: keyof StartupTime): number =>
  sortValues(starts, key)[Math.floor(starts.length / 2)] ?? Number.NaN;

function print({ ours, minimal, ...ratios }: StartupReport): void {
  const lines = [
    ['ready after, ms', 'readyMs', ratios.startRatio],
    ['of the processors, ms', 'cpuMs', ratios.cpuRatio],
    ['resident at rest, MB', 'idleMb', ratios.memoryRatio],
    [`after ${REQUESTS.length} requests, MB`, 'loadedMb', ratios.usedMemoryRatio],
  ] as const;
  const formatSpread = (starts: StartupTime[], key: keyof StartupTime) => {
    const values = sortValues(starts, key);
    return `${computeMedian(starts, key).toFixed(0)} (${values[0]?.toFixed(0)} to ${values.at(-1)?.toFixed(0)})`;
  };
  process.stdout.write(`${'medians'.padEnd(24)}${'hello'.padEnd(20)}${'ours'.padEnd(20)}ratio\n`);
  for (const [title, key, ratio] of lines) {
    const row = `${title.padEnd(24)}${formatSpread(minimal, key).padEnd(20)}${formatSpread(ours, key).padEnd(20)}`;
    process.stdout.write(`${row}${ratio.toFixed(2)}\n`);
  }
}

if (import.meta.main) print(await measureStartup({ rounds: Number(process.argv[2] ?? 9) }));
