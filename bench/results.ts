/** Results of the workloads, stored in bench/results.json. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fastify from 'fastify';
import { computeSpread } from './stats.ts';

/** Bound of the ratio to the baseline, or of this server's own value if there is no baseline. */
export type Target = { least: number } | { most: number };

export interface Measurement {
  title: string;
  /** Number of facts in the store, if it matters. */
  facts?: number;
  unit: string;
  /** Values of this server, one for each round. */
  ours: number[];
  /** Baseline with its values in the same rounds; null for values that are not compared. */
  other: { name: string; values: number[] } | null;
  target: Target;
  /** CPU time of the baseline divided by that of this server, one ratio for each round. */
  byProcessor?: number[];
  /** Remark for readers of the result. */
  note?: string;
}

export interface WorkloadResult {
  workload: string;
  date: string;
  options: { rounds: number; seconds: number };
  rows: Measurement[];
  /** Measurements that were skipped, with the reason. */
  skipped: string[];
}

export interface Results {
  machine: Record<string, string | number>;
  workloads: WorkloadResult[];
}

export const RESULTS_PATH = join(import.meta.dirname, 'results.json');

export const computeRatios = ({ ours, other }: Measurement): number[] =>
  other ? ours.map((value, round) => value / (other.values[round] as number)) : [];

/** Returns true if the median ratio meets the target, or, without a baseline, the values of all rounds do. */
export function meetsTarget(row: Measurement): boolean {
  const { median, min, max } = computeSpread(row.other ? computeRatios(row) : row.ours);
  if ('least' in row.target) return (row.other ? median : min) >= row.target.least;
  return (row.other ? median : max) <= row.target.most;
}

export function readResults(path = RESULTS_PATH): Results | null {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** Replaces the result of a workload, and removes all results of another machine or software version. */
export function saveResult(result: WorkloadResult, path = RESULTS_PATH): void {
  const machine = describeMachine();
  const previous = readResults(path);
  const isSameMachine = previous && JSON.stringify(previous.machine) === JSON.stringify(machine);
  const others = isSameMachine
    ? previous.workloads.filter(({ workload }) => workload !== result.workload)
    : [];
  const workloads = [...others, result].toSorted((a, b) => (a.workload < b.workload ? -1 : 1));
  writeFileSync(path, `${JSON.stringify({ machine, workloads }, roundNumber, 1)}\n`);
}

/** Rounds to four digits, more than the measurements justify. */
const roundNumber = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;

export function describeMachine(): Results['machine'] {
  const database = new BetterSqlite3(':memory:');
  const sqlite = String(database.prepare('select sqlite_version()').pluck().get());
  database.close();
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1e9),
    system: `Linux ${release()}, ${arch()}`,
    node: process.version,
    fastify: fastify.fastify().version,
    sqlite,
    wrk: wrkVersion(),
  };
}

function wrkVersion(): string {
  try {
    // Prints the version and exits with 1.
    execFileSync('wrk', ['-v'], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, code } = error as { stdout?: string; code?: string };
    // wrk is not installed, and some workloads do not need it.
    if (code === 'ENOENT') return 'none';
    return /^wrk (\S+)/m.exec(stdout ?? '')?.[1] ?? 'unknown';
  }
  return 'unknown';
}
