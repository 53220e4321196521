/** Two servers that are asked the same by turns. */

import { getCpuMs, type ServerProcess } from '../spawn-server.ts';
import { runWrk, type WrkOptions, type WrkResult } from '../wrk.ts';

/** What one side was asked in one round, and what that took its process of the processor. */
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

/** Our rate as a share of the other's, as far as the processor limits it. */
export const computeCpuRatios = ({ ours, other }: Comparison): number[] =>
  ours.map(({ cpuUs }, round) => (other[round] as LoadResult).cpuUs / cpuUs);

export const getRates = (results: LoadResult[]): number[] => results.map(({ perSecond }) => perSecond);

/** Long enough for the compiler to be done with what there is: rates rise for some ten thousand requests. */
export const WARM_UP_SECONDS = 10;
