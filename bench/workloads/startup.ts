/** Startup time and memory, compared with a minimal server. */
import type { Measurement } from '../results.ts';
import { measureStartup, type StartupTime } from '../startup-time.ts';
import type { Workload } from './context.ts';

export const startupWorkload: Workload = async ({ rounds, log }) => {
  log(`start: ${rounds} rounds`);
  const { ours, minimal } = await measureStartup({ rounds });
  const toMeasurement = (title: string, unit: string, key: keyof StartupTime, max: number): Measurement => ({
    title,
    unit,
    ours: ours.map((each) => each[key]),
    other: { name: 'Fastify, an SQLite store and one route', values: minimal.map((each) => each[key]) },
    target: { most: max },
  });
  return [
    toMeasurement('From start to ready', 'ms', 'readyMs', 3),
    toMeasurement('Memory when idle', 'MB', 'idleMb', 2),
  ];
};
