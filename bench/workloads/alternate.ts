/** Measurement of two servers in turn. */

import { getCpuMs } from '../process-stats.ts';
import type { ServerProcess } from '../spawn-server.ts';
import { runWrk, type WrkOptions, type WrkResult } from '../wrk.ts';

/** Result of one server in one round, with its CPU time for each request in microseconds. */
export interface LoadResult extends WrkResult {
  cpuUs: number;
}

export async function measureLoad(
  { url, pid }: ServerProcess,
  options: Omit<WrkOptions, 'url'>,
): Promise<LoadResult> {
  const cpuMsBefore = getCpuMs(pid);
  const result = await runWrk({ url, ...options });
  return { ...result, cpuUs: ((getCpuMs(pid) - cpuMsBefore) * 1_000) / result.requests };
}

export interface Comparison {
  ours: LoadResult[];
  other: LoadResult[];
}

/** Returns the CPU time of the other server divided by that of this server, for each round. */
export const computeCpuRatios = ({ ours, other }: Comparison): number[] =>
  ours.map(({ cpuUs }, round) => (other[round] as LoadResult).cpuUs / cpuUs);

export const getRates = (results: LoadResult[]): number[] => results.map(({ perSecond }) => perSecond);

/** Long enough for the JIT compiler: rates rise during the first ten thousand or more requests. */
export const WARM_UP_SECONDS = 10;
