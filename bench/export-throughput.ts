/**
 * How fast lists of many facts are exported, in how much memory, and how soon they begin, beside a loop that does nothing else:
 * `npm run bench:exports -- bench.sqlite`. Linux only, as it asks /proc. The processors' time is what to compare: others
 * that run meanwhile disturb it less.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';

export interface ExportBenchmarkOptions {
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
  memoryGrowthMb: number;
}

/** The medians of one export. */
export interface ExportReport {
  exportPath: string;
  rounds: { ours: Download[]; loop: Download[] };
  ours: Download;
  loop: Download;
  /** Our rate as a share of the loop's, by the processors' time. */
  cpuRatio: number;
  wallRatio: number;
}

export interface ExportBenchmarkReport {
  exports: ExportReport[];
  /** Each export as the first question to a server, which starts its thread. */
  cold: (Download & { exportPath: string })[];
  /** The same after a small export has started the thread. */
  warm: (Download & { of: string })[];
}

/** What the loop can write. */
const EXPORT_PATHS = ['/v1/statements.ndjson', '/v1/statements.csv', '/v1/events.ndjson', '/v1/events.csv'];
/** An export of one fact. */
const SMALL_EXPORT_PATH = '/v1/events.ndjson?ids=nobody';
/** How often the memory of a server is looked at. */
const MEMORY_SAMPLE_INTERVAL_MS = 10;

export async function measureExports(options: ExportBenchmarkOptions): Promise<ExportBenchmarkReport> {
  const { path, rounds = 5, exports = EXPORT_PATHS } = options;
  const report: ExportBenchmarkReport = { exports: [], cold: [], warm: [] };
  for (const exportPath of exports) {
    report.cold.push({ exportPath, ...(await downloadFromNewServer(path, [exportPath])) });
    report.warm.push({
      of: exportPath,
      ...(await downloadFromNewServer(path, [SMALL_EXPORT_PATH, exportPath])),
    });
  }
  const [ours, loop] = [
    await startOurServer(path),
    await startServerProcess(['bench/baselines/exports.ts', path]),
  ];
  try {
    for (const of of exports) report.exports.push(await compareExport(of, ours, loop, rounds));
  } finally {
    await Promise.all([stopServer(ours), stopServer(loop)]);
  }
  return report;
}

/** The last of these downloads from a server that was started for them. */
async function downloadFromNewServer(path: string, urls: string[]): Promise<Download> {
  const server = await startOurServer(path);
  try {
    let last: Download | undefined;
    for (const url of urls) last = await download(server, url);
    return last as Download;
  } finally {
    await stopServer(server);
  }
}

async function compareExport(
  exportPath: string,
  ours: Server,
  loop: Server,
  rounds: number,
): Promise<ExportReport> {
  const downloads = { ours: [] as Download[], loop: [] as Download[] };
  // The first of each is not counted: code is compiled by it.
  for (let round = 0; round <= rounds; round += 1) {
    const [a, b] = [await download(ours, exportPath), await download(loop, exportPath)];
    // Addresses in them may differ by the length of the port.
    if (Math.abs(a.bytes - b.bytes) > a.bytes / 100)
      throw new Error(`${exportPath}: the loop does not write the same`);
    if (round > 0) downloads.ours.push(a);
    if (round > 0) downloads.loop.push(b);
  }
  const [a, b] = [computeMedians(downloads.ours), computeMedians(downloads.loop)];
  return {
    exportPath,
    rounds: downloads,
    ours: a,
    loop: b,
    cpuRatio: b.cpuMs / a.cpuMs,
    wallRatio: b.wallMs / a.wallMs,
  };
}

interface Server {
  url: string;
  child: ChildProcess;
}

const startOurServer = (path: string): Promise<Server> =>
  startServerProcess(['bin/start.js'], {
    DATABASE_URL: `file:${path}`,
    PORT: '0',
    RATE_LIMIT_PER_MINUTE: '0',
  });

/** Starts what prints its address when it listens. */
async function startServerProcess(args: string[], environment: Record<string, string> = {}): Promise<Server> {
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

async function stopServer({ child }: Server): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** Takes an answer as fast as it comes, and only counts it. */
async function download({ url, child: { pid } }: Server, path: string): Promise<Download> {
  const [cpu, memory] = [getCpuMs(pid), getResidentMb(pid)];
  let peakMb = memory;
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, getResidentMb(pid));
  }, MEMORY_SAMPLE_INTERVAL_MS);
  try {
    const startedAt = performance.now();
    const request = get(url + path, { agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let [bytes, firstByteMs] = [0, 0];
    response.on('data', (chunk: Buffer) => {
      firstByteMs ||= performance.now() - startedAt;
      bytes += chunk.length;
    });
    await once(response, 'end');
    if (response.statusCode !== 200 && path !== '/readyz') throw new Error(`${path}: ${response.statusCode}`);
    const wallMs = performance.now() - startedAt;
    return { cpuMs: getCpuMs(pid) - cpu, wallMs, firstByteMs, bytes, memoryGrowthMb: peakMb - memory };
  } finally {
    clearInterval(timer);
  }
}

/** Linux counts in hundredths of a second; the name of the program may hold anything, and ends with the last parenthesis. */
function getCpuMs(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function getResidentMb(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

function computeMedians(downloads: Download[]): Download {
  const median = (key: keyof Download) =>
    downloads.map((each) => each[key]).sort((a, b) => a - b)[Math.floor(downloads.length / 2)] ?? Number.NaN;
  return {
    cpuMs: median('cpuMs'),
    wallMs: median('wallMs'),
    firstByteMs: median('firstByteMs'),
    bytes: median('bytes'),
    memoryGrowthMb: median('memoryGrowthMb'),
  };
}

function print({ exports, cold, warm }: ExportBenchmarkReport): void {
  const printLine = (text: string) => process.stdout.write(`${text}\n`);
  const formatDownload = ({ cpuMs, wallMs, firstByteMs, memoryGrowthMb }: Download) =>
    `${cpuMs.toFixed(0)} ms of the processors in ${wallMs.toFixed(0)} ms, first byte after ${firstByteMs.toFixed(0)} ms, memory +${memoryGrowthMb.toFixed(0)} MB`;
  for (const { exportPath, ours, loop, cpuRatio, wallRatio } of exports) {
    printLine(`${exportPath}, ${(ours.bytes / 1e6).toFixed(1)} MB`);
    printLine(`  ours: ${formatDownload(ours)}`);
    printLine(`  loop: ${formatDownload(loop)}`);
    printLine(
      `  rate as a share of the loop's: ${cpuRatio.toFixed(2)} by processors, ${wallRatio.toFixed(2)} by the clock`,
    );
  }
  for (const { exportPath, ...first } of cold)
    printLine(`first of all, ${exportPath}: ${formatDownload(first)}`);
  for (const { of, ...first } of warm) printLine(`after a small one, ${of}: ${formatDownload(first)}`);
}

if (import.meta.main) {
  const [path, ...exports] = process.argv.slice(2);
  if (!path) throw new Error('which store? npm run bench:data makes one');
  print(await measureExports({ path, ...(exports.length > 0 && { exports }) }));
}
