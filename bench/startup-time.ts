/**
 * How long a start takes until /readyz answers, and how much memory the server then has, beside the least that such a server
 * can be: `npm run bench:start`. Linux only, as it asks /proc for the memory.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { resources } from '../src/model/types/index.ts';
import { questions } from '../src/web/docs/examples.ts';

export interface StartOptions {
  rounds?: number;
  /** How long a server is left alone before its memory is looked at. */
  restMs?: number;
}

/** What one start came to: milliseconds, and megabytes (of 2^20 bytes) that are resident. */
export interface Start {
  readyMs: number;
  /** What the process has taken of the processors until then: others that run meanwhile disturb it less. */
  cpuMs: number;
  restMb: number;
  /** After `REQUESTS`. */
  usedMb: number;
}

export interface StartReport {
  startRatio: number;
  cpuRatio: number;
  memoryRatio: number;
  usedMemoryRatio: number;
  ours: Start[];
  hello: Start[];
}

/** Fifty requests: the questions of the page at /docs, and the collections in turn, each asked in another way. */
const REQUESTS = [
  ...questions.map(({ url }) => url),
  ...resources.flatMap(({ collection, example, facetNames }) => [
    `/v1/${collection}?limit=20`,
    `/v1/${collection}/${example}`,
    `/v1/${collection}/facets?by=${facetNames[0]}`,
    `/v1/${collection}.csv`,
  ]),
].slice(0, 50);

/** Starts both by turns. The first of each is not counted: it makes the store, and has nothing compiled. */
export async function measureStart({ rounds = 9, restMs = 3_000 }: StartOptions = {}): Promise<StartReport> {
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-bench-'));
  const runs = {
    hello: { args: ['bench/baselines/minimal-server.ts', join(folder, 'hello.sqlite')], urls: ['/readyz'] },
    ours: { args: ['bin/start.js'], urls: REQUESTS },
  };
  const environment = { DATABASE_URL: `file:${join(folder, 'ours.sqlite')}`, PORT: '0' };
  const found = { ours: [] as Start[], hello: [] as Start[] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const name of ['hello', 'ours'] as const) {
        const { args, urls } = runs[name];
        const start = await startOnce(args, urls, environment, round === 0 ? 0 : restMs);
        if (round > 0) found[name].push(start);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const ratio = (what: keyof Start) => median(found.ours, what) / median(found.hello, what);
  return {
    startRatio: ratio('readyMs'),
    cpuRatio: ratio('cpuMs'),
    memoryRatio: ratio('restMb'),
    usedMemoryRatio: ratio('usedMb'),
    ...found,
  };
}

async function startOnce(
  args: string[],
  urls: string[],
  environment: Record<string, string>,
  restMs: number,
): Promise<Start> {
  const began = performance.now();
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await addressOf(child);
    await ask(`${url}/readyz`);
    const readyMs = performance.now() - began;
    const cpuMs = cpuOf(child.pid);
    await pause(restMs);
    const restMb = memoryOf(child.pid);
    for (let n = 0; n < REQUESTS.length; n += 1) await ask(url + urls[n % urls.length]);
    return { readyMs, cpuMs, restMb, usedMb: memoryOf(child.pid) };
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}

/** Where a server listens, as it prints that itself. */
async function addressOf(child: ChildProcess): Promise<string> {
  for await (const chunk of child.stdout ?? []) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))?.[0];
    if (url) return url;
  }
  throw new Error('the server ended');
}

async function ask(url: string): Promise<void> {
  const response = await fetch(url);
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}: ${body}`);
}

function memoryOf(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

/** Linux counts in hundredths of a second; the name of the program may hold anything, and ends with the last parenthesis. */
function cpuOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const sorted = (starts: Start[], what: keyof Start): number[] =>
  starts.map((start) => start[what]).sort((a, b) => a - b);

const median = (starts: Start[], what: keyof Start): number =>
  sorted(starts, what)[Math.floor(starts.length / 2)] ?? Number.NaN;

function print({ ours, hello, ...ratios }: StartReport): void {
  const lines = [
    ['ready after, ms', 'readyMs', ratios.startRatio],
    ['of the processors, ms', 'cpuMs', ratios.cpuRatio],
    ['resident at rest, MB', 'restMb', ratios.memoryRatio],
    [`after ${REQUESTS.length} requests, MB`, 'usedMb', ratios.usedMemoryRatio],
  ] as const;
  const told = (starts: Start[], what: keyof Start) => {
    const values = sorted(starts, what);
    return `${median(starts, what).toFixed(0)} (${values[0]?.toFixed(0)} to ${values.at(-1)?.toFixed(0)})`;
  };
  process.stdout.write(`${'medians'.padEnd(24)}${'hello'.padEnd(20)}${'ours'.padEnd(20)}ratio\n`);
  for (const [title, what, ratio] of lines) {
    const row = `${title.padEnd(24)}${told(hello, what).padEnd(20)}${told(ours, what).padEnd(20)}`;
    process.stdout.write(`${row}${ratio.toFixed(2)}\n`);
  }
}

if (import.meta.main) print(await measureStart({ rounds: Number(process.argv[2] ?? 9) }));
