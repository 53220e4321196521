/** What was measured, and where it is kept: bench/results.json. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fastify from 'fastify';
import { spreadOf } from './stats.ts';

/** What is asked of a ratio, or where nothing is compared, of our own figure. */
export type Target = { least: number } | { most: number };

export interface Measured {
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
  rows: Measured[];
  /** What could not be measured, and why. */
  skipped: string[];
}

export interface Results {
  machine: Record<string, string | number>;
  workloads: WorkloadResult[];
}

export const RESULTS = join(import.meta.dirname, 'results.json');

export const ratiosOf = ({ ours, other }: Measured): number[] =>
  other ? ours.map((value, round) => value / (other.values[round] as number)) : [];

/** Whether the median of the ratios is as it is to be; a figure that counts by itself must be so in every round. */
export function isMet(row: Measured): boolean {
  const { median, least, most } = spreadOf(row.other ? ratiosOf(row) : row.ours);
  if ('least' in row.target) return (row.other ? median : least) >= row.target.least;
  return (row.other ? median : most) <= row.target.most;
}

export function readResults(path = RESULTS): Results | null {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** Puts the result of a workload in place of an earlier one. What another machine or version measured is not kept beside it. */
export function keep(result: WorkloadResult, path = RESULTS): void {
  const machine = machineOf();
  const before = readResults(path);
  const same = before && JSON.stringify(before.machine) === JSON.stringify(machine);
  const others = same ? before.workloads.filter(({ workload }) => workload !== result.workload) : [];
  const workloads = [...others, result].toSorted((a, b) => (a.workload < b.workload ? -1 : 1));
  writeFileSync(path, `${JSON.stringify({ machine, workloads }, shortened, 1)}\n`);
}

/** Four digits of a figure are more than it is worth. */
const shortened = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;

export function machineOf(): Results['machine'] {
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
