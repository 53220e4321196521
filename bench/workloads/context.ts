/** What every workload is given. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Measurement } from '../results.ts';
import type { ServerProcess } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';

export const SMALL_STORE_FACTS = 10_000;

export interface WorkloadContext {
  rounds: number;
  /** How long each side is asked in each round. */
  seconds: number;
  /** How many facts are in the large store. */
  facts: number;
  /** Where stores are, and tables that are made of them. */
  dataFolder: string;
  /** Says what is going on. */
  log: (line: string) => void;
  /** Notes that something is not measured. */
  skip: (reason: string) => void;
}

export type Workload = (context: WorkloadContext) => Promise<Measurement[]>;

/** The store with so many facts, which the server has brought up to date; null, and a note, if there is none. */
export async function prepareStore(context: WorkloadContext, facts: number): Promise<string | null> {
  const path = join(context.dataFolder, `${facts}-1.sqlite`);
  if (!existsSync(path)) {
    context.skip(`${path} is not there: npm run bench:data -- --facts ${facts} --seed 1 makes it`);
    return null;
  }
  // It imports its own dossiers, so that there is a revision more afterwards.
  await (await startServer(path)).stop();
  return path;
}

/** The sizes of the stores that are compared, smallest first. */
export const getStoreSizes = ({ facts }: WorkloadContext): number[] =>
  [...new Set([SMALL_STORE_FACTS, facts])].sort((a, b) => a - b);

/** Calls `use` with what `start` starts, and stops it in the end. */
export async function withServers<T>(
  starters: (() => Promise<ServerProcess>)[],
  use: (servers: ServerProcess[]) => Promise<T>,
): Promise<T> {
  const running: ServerProcess[] = [];
  try {
    for (const each of starters) running.push(await each());
    return await use(running);
  } finally {
    for (const { stop } of running) await stop();
  }
}
