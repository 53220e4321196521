/**
 * Installs and checks the other servers, and measures their approximate speed:
 * `npm run bench:comparisons -- [facts] [name...]`. Each server runs on core 0, wrk on core 1. Request rates
 * are reliable only on an otherwise idle machine; other processes hardly affect the CPU time.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/store/open.ts';
import { importGeneratedArchive } from '../import-fixtures.ts';
import { getCpuMs } from '../process-stats.ts';
import { ON_CLIENT_CORE, ON_SERVER_CORE } from '../spawn-server.ts';
import type { ComparisonServer } from './comparison-server.ts';
import { writeRows } from './export-rows.ts';
import { comparisonServers } from './index.ts';
import type { RequestKind, RequestUrls } from './requests.ts';
import { type RequestParameters, readRequestParameters } from './requests.ts';

const FACTS = Number(process.argv[2] ?? 50_000);
/** Long timeout, because a scan may take seconds on a busy machine. */
const WRK_OPTIONS = ['-t1', '-c8', '-d3', '--timeout', '30s'];

const names = process.argv.slice(3);
const servers = comparisonServers.filter(({ name }) => names.length === 0 || names.includes(name));
const folder = mkdtempSync(join(tmpdir(), 'summit-facts-comparisons-'));
try {
  const unknownNames = names.filter((name) => !comparisonServers.some((server) => server.name === name));
  if (unknownNames.length > 0) {
    throw new Error(
      `${unknownNames.join(', ')}: no such server; available: ${comparisonServers.map(({ name }) => name).join(', ')}`,
    );
  }
  for (const { install } of servers) await install();
  const rows = await writeRows(await createStore(join(folder, 'store.sqlite')), folder);
  print(`${rows} statements`);
  for (const server of servers) await measure(server, readRequestParameters(folder));
} finally {
  rmSync(folder, { recursive: true });
}

async function createStore(path: string): Promise<string> {
  const store = await openStore(`file:${path}`);
  await importGeneratedArchive(store, { facts: FACTS, seed: 1 });
  await store.close();
  return path;
}

async function measure(comparisonServer: ComparisonServer, parameters: RequestParameters): Promise<void> {
  const { name, version, urls, notes } = comparisonServer;
  const server = await comparisonServer.start(folder, ON_SERVER_CORE);
  try {
    print(`\n${name} ${version}`);
    for (const [workload, paths] of Object.entries(createPaths(urls, parameters))) {
      const cpuMsBefore = getCpuMs(server.pid);
      const { requests, perSecond, kilobytes } = measureWithWrk(server.url, paths);
      const cpuMsPerRequest = (getCpuMs(server.pid) - cpuMsBefore) / requests;
      const note = notes[workload as RequestKind];
      const columns = [
        `${perSecond.toFixed(0)}/s`,
        `${cpuMsPerRequest.toFixed(2)} ms`,
        `${kilobytes.toFixed(1)} kB`,
      ];
      print(
        [workload.padEnd(9), ...columns.map((column) => column.padStart(9)), note ? `  ${note}` : ''].join(
          '',
        ),
      );
    }
  } finally {
    await server.stop();
  }
}

/** Creates the paths of each workload, which are requested in turn. */
function createPaths(
  urls: RequestUrls,
  { positions, speakers, ids, words }: RequestParameters,
): Record<RequestKind, string[]> {
  return {
    page: [urls.page],
    pages: positions.map(urls.pages),
    filtered: speakers.map(urls.filtered),
    item: ids.map(urls.item),
    search: words.map(urls.search),
  };
}

/** Runs wrk with `paths` in turn, and throws if any request fails. */
function measureWithWrk(
  url: string,
  paths: string[],
): { requests: number; perSecond: number; kilobytes: number } {
  const script = join(folder, 'paths.lua');
  // JSON strings without backslashes are Lua strings as well.
  writeFileSync(
    script,
    `local paths, n = {${paths.map((path) => JSON.stringify(path)).join(', ')}}, 0
    function request() n = n % #paths + 1; return wrk.format("GET", paths[n]) end
    function done(summary)
      local e = summary.errors
      print(string.format("#%d %d %d %d", summary.requests, summary.duration, summary.bytes,
        e.connect + e.read + e.write + e.status + e.timeout))
    end`,
  );
  const [program = '', ...args] = [...ON_CLIENT_CORE, 'wrk', ...WRK_OPTIONS, '-s', script, url];
  const output = execFileSync(program, args, {
    encoding: 'utf8',
  });
  const [requests = 0, microseconds = 0, bytes = 0, errors = 0] =
    /^#(.+)$/m.exec(output)?.[1]?.split(' ').map(Number) ?? [];
  if (requests === 0 || errors > 0) throw new Error(`${url}${paths[0]}: ${output}`);
  return { requests, perSecond: (requests * 1e6) / microseconds, kilobytes: bytes / requests / 1_000 };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
