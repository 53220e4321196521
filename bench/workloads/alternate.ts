/** Two servers that are asked the same by turns. */

import { processorMs, type Running } from '../spawn-server.ts';
import { type Load, type Loaded, load } from '../wrk.ts';

/** What one side was asked in one round, and what that took its process of the processor. */
export interface Turn extends Loaded {
  cpuUs: number;
}

export async function turnOf({ url, pid }: Running, asked: Omit<Load, 'url'>): Promise<Turn> {
  const before = processorMs(pid);
  const loaded = await load({ url, ...asked });
  return { ...loaded, cpuUs: ((processorMs(pid) - before) * 1_000) / loaded.requests };
}

export interface Duel {
  ours: Turn[];
  other: Turn[];
}

/** Our rate as a share of the other's, as far as the processor limits it. */
export const byProcessor = ({ ours, other }: Duel): number[] =>
  ours.map(({ cpuUs }, round) => (other[round] as Turn).cpuUs / cpuUs);

export const rates = (turns: Turn[]): number[] => turns.map(({ perSecond }) => perSecond);

/** Long enough for the compiler to be done with what there is: rates rise for some ten thousand requests. */
export const WARM_UP_SECONDS = 10;
