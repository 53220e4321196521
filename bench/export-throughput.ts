/**
 * How fast lists of many facts are exported, in how much memory, and how soon they begin, beside a loop that does nothing else:
 * `npm run bench:exports -- bench.sqlite`. Linux only, as it asks /proc. The processors' time is what to compare: others
 * that run meanwhile disturb it less.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';

export interface ExportsOptions {
  /** The SQLite store; the server brings it up to date. */
  path: string;
  /** Each is asked for as often; medians are told. */
  rounds?: number;
  exports?: string[];
}

/** One download: milliseconds, and megabytes (of 2^20 bytes). */
export interface Download {
  cpuMs: number;
  wallMs: number;
  firstByteMs: number;
  bytes: number;
  /** By how much the memory of the server grew while it was made. */
  grownMb: number;
}

/** The medians of one export. */
export interface ExportReport {
  of: string;
  rounds: { ours: Download[]; loop: Download[] };
  ours: Download;
  loop: Download;
  /** Our rate as a share of the loop's, by the processors' time. */
  cpuRatio: number;
  wallRatio: number;
}

export interface ExportsReport {
  exports: ExportReport[];
  /** Each export as the first question to a server, which starts its thread. */
  cold: (Download & { of: string })[];
  /** The same after a small export has started the thread. */
  warm: (Download & { of: string })[];
}

/** What the loop can write. */
const EXPORTS = ['/v1/statements.ndjson', '/v1/statements.csv', '/v1/events.ndjson', '/v1/events.csv'];
/** An export of one fact. */
const SMALL = '/v1/events.ndjson?ids=nobody';
/** How often the memory of a server is looked at. */
const EVERY_MS = 10;

export async function measureExports(options: ExportsOptions): Promise<ExportsReport> {
  const { path, rounds = 5, exports = EXPORTS } = options;
  const report: ExportsReport = { exports: [], cold: [], warm: [] };
  for (const of of exports) {
    report.cold.push({ of, ...(await first(path, [of])) });
    report.warm.push({ of, ...(await first(path, [SMALL, of])) });
  }
  const [ours, loop] = [await ourServer(path), await started(['bench/baselines/exports.ts', path])];
  try {
    for (const of of exports) report.exports.push(await compared(of, ours, loop, rounds));
  } finally {
    await Promise.all([stopped(ours), stopped(loop)]);
  }
  return report;
}

/** The last of these downloads from a server that was started for them. */
async function first(path: string, urls: string[]): Promise<Download> {
  const server = await ourServer(path);
  try {
    let last: Download | undefined;
    for (const url of urls) last = await download(server, url);
    return last as Download;
  } finally {
    await stopped(server);
  }
}

async function compared(of: string, ours: Server, loop: Server, rounds: number): Promise<ExportReport> {
  const found = { ours: [] as Download[], loop: [] as Download[] };
  // The first of each is not counted: code is compiled by it.
  for (let round = 0; round <= rounds; round += 1) {
    const [a, b] = [await download(ours, of), await download(loop, of)];
    // Addresses in them may differ by the length of the port.
    if (Math.abs(a.bytes - b.bytes) > a.bytes / 100)
      throw new Error(`${of}: the loop does not write the same`);
    if (round > 0) found.ours.push(a);
    if (round > 0) found.loop.push(b);
  }
  const [a, b] = [mediansOf(found.ours), mediansOf(found.loop)];
  return { of, rounds: found, ours: a, loop: b, cpuRatio: b.cpuMs / a.cpuMs, wallRatio: b.wallMs / a.wallMs };
}

interface Server {
  url: string;
  child: ChildProcess;
}

const ourServer = (path: string): Promise<Server> =>
  started(['bin/start.js'], { DATABASE_URL: `file:${path}`, PORT: '0', RATE_LIMIT_PER_MINUTE: '0' });

/** Starts what prints its address when it listens. */
async function started(args: string[], environment: Record<string, string> = {}): Promise<Server> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8');
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(chunk)?.[0];
    if (!url) continue;
    child.stdout.resume();
    await download({ url, child }, '/readyz');
    return { url, child };
  }
  throw new Error(`${args.join(' ')} ended`);
}

async function stopped({ child }: Server): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Takes an answer as fast as it comes, and only counts it. */
async function download({ url, child: { pid } }: Server, of: string): Promise<Download> {
  const [cpu, memory] = [cpuOf(pid), memoryOf(pid)];
  let most = memory;
  const watch = setInterval(() => {
    most = Math.max(most, memoryOf(pid));
  }, EVERY_MS);
  try {
    const began = performance.now();
    const asked = get(url + of, { agent: false });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    let [bytes, firstByteMs] = [0, 0];
    response.on('data', (chunk: Buffer) => {
      firstByteMs ||= performance.now() - began;
      bytes += chunk.length;
    });
    await once(response, 'end');
    if (response.statusCode !== 200 && of !== '/readyz') throw new Error(`${of}: ${response.statusCode}`);
    const wallMs = performance.now() - began;
    return { cpuMs: cpuOf(pid) - cpu, wallMs, firstByteMs, bytes, grownMb: most - memory };
  } finally {
    clearInterval(watch);
  }
}

/** Linux counts in hundredths of a second; the name of the program may hold anything, and ends with the last parenthesis. */
function cpuOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function memoryOf(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

function mediansOf(downloads: Download[]): Download {
  const median = (what: keyof Download) =>
    downloads.map((each) => each[what]).sort((a, b) => a - b)[Math.floor(downloads.length / 2)] ?? Number.NaN;
  return {
    cpuMs: median('cpuMs'),
    wallMs: median('wallMs'),
    firstByteMs: median('firstByteMs'),
    bytes: median('bytes'),
    grownMb: median('grownMb'),
  };
}

function print({ exports, cold, warm }: ExportsReport): void {
  const line = (text: string) => process.stdout.write(`${text}\n`);
  const told = ({ cpuMs, wallMs, firstByteMs, grownMb }: Download) =>
    `${cpuMs.toFixed(0)} ms of the processors in ${wallMs.toFixed(0)} ms, first byte after ${firstByteMs.toFixed(0)} ms, memory +${grownMb.toFixed(0)} MB`;
  for (const { of, ours, loop, cpuRatio, wallRatio } of exports) {
    line(`${of}, ${(ours.bytes / 1e6).toFixed(1)} MB`);
    line(`  ours: ${told(ours)}`);
    line(`  loop: ${told(loop)}`);
    line(
      `  rate as a share of the loop's: ${cpuRatio.toFixed(2)} by processors, ${wallRatio.toFixed(2)} by the clock`,
    );
  }
  for (const { of, ...first } of cold) line(`first of all, ${of}: ${told(first)}`);
  for (const { of, ...first } of warm) line(`after a small one, ${of}: ${told(first)}`);
}

if (import.meta.main) {
  const [path, ...exports] = process.argv.slice(2);
  if (!path) throw new Error('which store? npm run bench:data makes one');
  print(await measureExports({ path, ...(exports.length > 0 && { exports }) }));
}
