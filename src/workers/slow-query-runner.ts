/** Runner for work that would delay other requests: scans, exports of large stores and archives. */
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { BoundedQueue } from '../lib/bounded-queue.ts';
import { Problem, RETRY_AFTER_HEADER, serviceUnavailable } from '../lib/problem-details.ts';
import type { Snapshot } from '../store/snapshot.ts';

/** Query or export of the API by name, with its input, for a worker thread. */
export interface QueryTask {
  name: string;
  input: unknown;
  snapshot: Snapshot;
}

export interface ExportTask extends QueryTask {
  options: unknown;
}

export interface ArchiveJob {
  /** File extension without the dot; it determines the format. */
  extension: string;
  snapshot: Snapshot;
  publicUrl: string;
  linkBase: string;
  /** Path at which no file exists yet. */
  path: string;
}

export interface SlowQueryRunner {
  /** Number of versions of facts from which a scan delays other requests for too long, about 10 ms. */
  minVersionCount: number;
  /** Starts threads early; the server calls it when it has a large store. */
  warmUp(): void;
  /** Runs a query in a worker thread, or calls `runInProcess` once few enough others run. */
  runQuery<T>(task: QueryTask, runInProcess: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * Opens a body in a worker thread, or calls `openInProcess` once few enough others run. `response` is what reads
   * the body; null if it is compressed in between.
   */
  openStream(
    task: ExportTask,
    openInProcess: () => Promise<Readable>,
    response: ServerResponse | null,
    signal: AbortSignal,
  ): Promise<Readable>;
  /** Writes an archive in the background until `signal` aborts; null if that has no advantage. */
  writeArchive: ((job: ArchiveJob, signal: AbortSignal) => Promise<void>) | null;
  close(): Promise<void>;
}

export const DEFAULT_MIN_VERSION_COUNT = 20_000;

/** Creates a queue for slow queries, which rejects with a 503 when `capacity` are running or waiting. */
export const createSlowQueryQueue = (concurrency: number, capacity: number): BoundedQueue =>
  new BoundedQueue({
    concurrency,
    capacity,
    createFullError: () =>
      new Problem(
        'too-busy',
        `The queue for slow queries is full: ${capacity} are running or waiting`,
        [],
        RETRY_AFTER_HEADER,
      ),
  });

/** Calls `work` with a signal that also aborts after `timeoutMs`, with a 503, unless `clearTimer` is called. */
export async function runWithTimeout<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal, clearTimer: () => void) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(serviceUnavailable('The query timed out')), timeoutMs);
  const clearTimer = () => clearTimeout(timer);
  return work(AbortSignal.any([signal, timeout.signal]), clearTimer).finally(clearTimer);
}
