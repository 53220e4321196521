/** What every workload is given. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Measured } from '../results.ts';
import type { Running } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';

export const SMALL = 10_000;

export interface Context {
  rounds: number;
  /** How long each side is asked in each round. */
  seconds: number;
  /** How many facts are in the large store. */
  facts: number;
  /** Where stores are, and tables that are made of them. */
  data: string;
  /** Says what is going on. */
  tell: (line: string) => void;
  /** Notes that something is not measured. */
  skip: (why: string) => void;
}

export type Workload = (context: Context) => Promise<Measured[]>;

/** The store with so many facts, which the server has brought up to date; null, and a note, if there is none. */
export async function storeWith(context: Context, facts: number): Promise<string | null> {
  const path = join(context.data, `${facts}-1.sqlite`);
  if (!existsSync(path)) {
    context.skip(`${path} is not there: npm run bench:data -- --facts ${facts} --seed 1 makes it`);
    return null;
  }
  // It imports its own dossiers, so that there is a revision more afterwards.
  await (await startServer(path)).stop();
  return path;
}

/** The sizes of the stores that are compared, smallest first. */
export const sizesOf = ({ facts }: Context): number[] => [...new Set([SMALL, facts])].sort((a, b) => a - b);

/** Calls `use` with what `start` starts, and stops it in the end. */
export async function withRunning<T>(
  start: (() => Promise<Running>)[],
  use: (running: Running[]) => Promise<T>,
): Promise<T> {
  const running: Running[] = [];
  try {
    for (const each of start) running.push(await each());
    return await use(running);
  } finally {
    for (const { stop } of running) await stop();
  }
}
