/** What was measured, and where it is kept: bench/results.json. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fastify from 'fastify';
import { computeSpread } from './stats.ts';

/** What is asked of a ratio, or where nothing is compared, of our own figure. */
export type Target = { least: number } | { most: number };

export interface Measurement {
  title: string;
  /** How many facts are in the store, if that makes a difference. */
  facts?: number;
  unit: string;
  /** One a round. */
  ours: number[];
  /** What ours is compared with, its figure in the same rounds; null where a figure counts by itself. */
  other: { name: string; values: number[] } | null;
  target: Target;
  /** By processor time of the server: what a request of theirs takes as a share of ours, and so another rate. */
  byProcessor?: number[];
  /** What whoever reads the figure should know. */
  note?: string;
}

export interface WorkloadResult {
  workload: string;
  date: string;
  options: { rounds: number; seconds: number };
  rows: Measurement[];
  /** What could not be measured, and why. */
  skipped: string[];
}

export interface Results {
  machine: Record<string, string | number>;
  workloads: WorkloadResult[];
}

export const RESULTS_PATH = join(import.meta.dirname, 'results.json');

export const computeRatios = ({ ours, other }: Measurement): number[] =>
  other ? ours.map((value, round) => value / (other.values[round] as number)) : [];

/** Whether the median of the ratios is as it is to be; a figure that counts by itself must be so in every round. */
export function meetsTarget(row: Measurement): boolean {
  const { median, min, max } = computeSpread(row.other ? computeRatios(row) : row.ours);
  if ('least' in row.target) return (row.other ? median : min) >= row.target.least;
  return (row.other ? median : max) <= row.target.most;
}

export function readResults(path = RESULTS_PATH): Results | null {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** Puts the result of a workload in place of an earlier one. What another machine or version measured is not kept beside it. */
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

/** Four digits of a figure are more than it is worth. */
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
    // It prints its version and ends with 1.
    execFileSync('wrk', ['-v'], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { stdout, code } = error as { stdout?: string; code?: string };
    // Not every workload needs it.
    if (code === 'ENOENT') return 'none';
    return /^wrk (\S+)/m.exec(stdout ?? '')?.[1] ?? 'unknown';
  }
  return 'unknown';
}
