/** A start, beside one of the least that such a server can be. */
import type { Measured } from '../results.ts';
import { measureStart, type Start } from '../startup-time.ts';
import type { Workload } from './context.ts';

export const start: Workload = async ({ rounds, tell }) => {
  tell(`start: ${rounds} rounds`);
  const { ours, hello } = await measureStart({ rounds });
  const row = (title: string, unit: string, what: keyof Start, most: number): Measured => ({
    title,
    unit,
    ours: ours.map((each) => each[what]),
    other: { name: 'Fastify, an SQLite store and one route', values: hello.map((each) => each[what]) },
    target: { most },
  });
  return [row('From start to ready', 'ms', 'readyMs', 3), row('Memory at rest', 'MB', 'restMb', 2)];
};
