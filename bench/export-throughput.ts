/**
 * Throughput, memory and time to first byte of exports, compared with a loop that does nothing else:
 * `npm run bench:exports -- bench.sqlite`. Linux only, because it reads /proc. Compare the CPU time: other
 * processes disturb it less than the elapsed time.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { getCpuMs, getResidentMb } from './process-stats.ts';
import { computeMedian } from './stats.ts';

export interface ExportBenchmarkOptions {
  /** SQLite store, which the server migrates if necessary. */
  path: string;
  /** Number of downloads of each export; the report has their medians. */
  rounds?: number;
  exports?: string[];
}

/** Measurements of one download. Megabytes have 2^20 bytes. */
export interface Download {
  cpuMs: number;
  wallMs: number;
  firstByteMs: number;
  bytes: number;
  /** Growth of the server's resident memory during the download. */
  memoryGrowthMb: number;
}

/** Downloads of one export, and their medians. */
export interface ExportReport {
  exportPath: string;
  rounds: { ours: Download[]; loop: Download[] };
  ours: Download;
  loop: Download;
  /** Throughput of this server divided by that of the loop, per CPU time. */
  cpuRatio: number;
  wallRatio: number;
}

export interface ExportBenchmarkReport {
  exports: ExportReport[];
  /** Each export as the first request to a new server, which must start a worker thread for it. */
  cold: (Download & { exportPath: string })[];
  /** Each export as the second request to a new server, after a small export has started the thread. */
  warm: (Download & { of: string })[];
}

/** Exports that the loop can write. */
const EXPORT_PATHS = ['/v1/statements.ndjson', '/v1/statements.csv', '/v1/events.ndjson', '/v1/events.csv'];
/** An export of one fact. */
const SMALL_EXPORT_PATH = '/v1/events.ndjson?ids=missing';
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

/** Downloads the URLs from a new server and returns the last download. */
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
  // The first download of each server is discarded: it compiles code.
  for (let round = 0; round <= rounds; round += 1) {
    const [a, b] = [await download(ours, exportPath), await download(loop, exportPath)];
    // URLs in the exports differ in the length of the port number.
    if (Math.abs(a.bytes - b.bytes) > a.bytes / 100)
      throw new Error(`${exportPath}: the loop wrote ${b.bytes} bytes, this server ${a.bytes}`);
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

/** Starts a script that prints its URL when it listens. */
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
  throw new Error(`${args.join(' ')} ended before it listened`);
}

async function stopServer({ child }: Server): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** Reads a response as fast as it arrives, and only counts its bytes. */
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
    if (response.statusCode !== 200 && path !== '/readyz')
      throw new Error(`GET ${path}: status ${response.statusCode}, expected 200`);
    const wallMs = performance.now() - startedAt;
    return { cpuMs: getCpuMs(pid) - cpu, wallMs, firstByteMs, bytes, memoryGrowthMb: peakMb - memory };
  } finally {
    clearInterval(timer);
  }
}

function computeMedians(downloads: Download[]): Download {
  const median = (key: keyof Download) => computeMedian(downloads.map((each) => each[key]));
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
    `${cpuMs.toFixed(0)} ms of CPU time in ${wallMs.toFixed(0)} ms, first byte after ${firstByteMs.toFixed(0)} ms, memory +${memoryGrowthMb.toFixed(0)} MB`;
  for (const { exportPath, ours, loop, cpuRatio, wallRatio } of exports) {
    printLine(`${exportPath}, ${(ours.bytes / 1e6).toFixed(1)} MB`);
    printLine(`  this server: ${formatDownload(ours)}`);
    printLine(`  loop:        ${formatDownload(loop)}`);
    printLine(
      `  throughput, this server / loop: ${cpuRatio.toFixed(2)} per CPU time, ${wallRatio.toFixed(2)} per elapsed time`,
    );
  }
  for (const { exportPath, ...first } of cold)
    printLine(`first request, ${exportPath}: ${formatDownload(first)}`);
  for (const { of, ...first } of warm) printLine(`second request, ${of}: ${formatDownload(first)}`);
}

if (import.meta.main) {
  const [path, ...exports] = process.argv.slice(2);
  if (!path) throw new Error('The path of a store is missing; npm run bench:data creates one');
  print(await measureExports({ path, ...(exports.length > 0 && { exports }) }));
}
