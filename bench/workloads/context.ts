/** Options and helpers of all workloads. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Measurement } from '../results.ts';
import type { ServerProcess } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';

export const SMALL_STORE_FACTS = 10_000;

export interface WorkloadContext {
  rounds: number;
  /** Duration of the requests to each server in a round. */
  seconds: number;
  /** Number of facts in the large store. */
  facts: number;
  /** Folder of the stores and of the baseline tables. */
  dataFolder: string;
  /** Prints progress. */
  log: (line: string) => void;
  /** Records why something is not measured. */
  skip: (reason: string) => void;
}

export type Workload = (context: WorkloadContext) => Promise<Measurement[]>;

/** Returns the path of the migrated store with `facts` facts. Calls `skip` and returns null if missing. */
export async function prepareStore(context: WorkloadContext, facts: number): Promise<string | null> {
  const path = join(context.dataFolder, `${facts}-1.sqlite`);
  if (!existsSync(path)) {
    context.skip(`${path} is missing; create it with npm run bench:data -- --facts ${facts} --seed 1`);
    return null;
  }
  // The server migrates the store and imports its own dossiers, which adds a revision.
  await (await startServer(path)).stop();
  return path;
}

/** Returns the numbers of facts of the two stores, smaller first. */
export const getStoreSizes = ({ facts }: WorkloadContext): number[] =>
  [...new Set([SMALL_STORE_FACTS, facts])].sort((a, b) => a - b);

/** Calls `use` with the started servers, and stops them afterwards. */
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
