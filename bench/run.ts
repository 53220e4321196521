/**
 * Measures this server against baselines and other servers: `npm run bench`, or only some workloads:
 * `npm run bench -- hit miss`. Writes bench/results.json or the file that `--out` names; docs/PERFORMANCE.md
 * explains the results. Requires an otherwise idle machine with two cores, wrk, and stores from
 * `npm run bench:data`.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from './format-table.ts';
import { type Measurement, RESULTS_PATH, saveResult } from './results.ts';
import type { WorkloadContext } from './workloads/context.ts';
import { workloads } from './workloads/index.ts';

/** Invalid argument; reported without a stack trace. */
class UsageError extends Error {}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError) && !isParseArgsError(error)) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '9' },
      seconds: { type: 'string', default: '2' },
      facts: { type: 'string', default: '1000000' },
      data: { type: 'string', default: 'bench/data' },
      out: { type: 'string', default: RESULTS_PATH },
    },
  });
  const options = {
    rounds: parsePositiveInteger('--rounds', values.rounds),
    seconds: parsePositiveInteger('--seconds', values.seconds),
    facts: parsePositiveInteger('--facts', values.facts),
    // Absolute, because started servers may have another working directory.
    dataFolder: resolve(values.data),
  };
  const names = Object.keys(workloads);
  const unknownNames = positionals.filter((name) => !names.includes(name));
  if (unknownNames.length > 0)
    throw new UsageError(`${unknownNames.join(', ')}: no such workload; available: ${names.join(', ')}`);
  for (const name of names) {
    if (positionals.length === 0 || positionals.includes(name)) await runWorkload(name, options, values.out);
  }
}

async function runWorkload(
  name: string,
  options: Omit<WorkloadContext, 'log' | 'skip'>,
  out: string,
): Promise<void> {
  const skipped: string[] = [];
  const context: WorkloadContext = { ...options, log, skip: (reason) => skipped.push(reason) };
  const rows: Measurement[] = (await workloads[name]?.(context)) ?? [];
  const { rounds, seconds } = options;
  const date = new Date().toISOString().slice(0, 10);
  saveResult({ workload: name, date, options: { rounds, seconds }, rows, skipped }, out);
  for (const line of formatTable(rows)) process.stdout.write(`${line}\n`);
  for (const reason of skipped) process.stdout.write(`not measured: ${reason}\n`);
}

function log(line: string): void {
  process.stderr.write(`${(performance.now() / 1_000).toFixed(0).padStart(5)} s  ${line}\n`);
}

function parsePositiveInteger(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`${option} ${text}: must be an integer, 1 or greater`);
}

function isParseArgsError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
}
