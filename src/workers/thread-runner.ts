/** Slow work on SQLite: it runs in worker threads, because a query blocks its thread until it ends. */
import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Config } from '../config.ts';
import { rejectOnAbort } from '../lib/abort.ts';
import { serviceUnavailable } from '../lib/problem-details.ts';
import { createBodyStream } from './body-stream.ts';
import {
  createSlowQueryQueue,
  DEFAULT_MIN_VERSION_COUNT,
  type ExportTask,
  type QueryTask,
  runWithTimeout,
  type SlowQueryRunner,
} from './slow-query-runner.ts';
import { ThreadPool } from './thread-pool.ts';

/** Maximum number of queries that run or wait. */
const DEFAULT_MAX_PENDING_QUERIES = 32;
/** Maximum number of bodies that the single streaming thread produces at a time. */
const MAX_STREAMS = 16;
/**
 * A limit makes the garbage collector keep the old generation small, instead of letting it grow with that of
 * the process. It is far above what many bodies of very long facts take: a thread that exceeds it ends with
 * all of them.
 */
const STREAM_RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 512 };
/** Page cache for streams: they read the file once from start to end, so a larger one has no effect. */
const STREAM_CACHE_KB = 4_000;

/** `workerData` of a thread. */
export interface StoreWorkerData {
  databaseUrl: string;
  /** Size of the page cache; that of the store by default. */
  cacheKb?: number;
}

interface Cancelable {
  /** One 32-bit integer: nonzero once the client has disconnected. */
  cancelFlag: SharedArrayBuffer;
}

export interface CancelableQuery extends QueryTask, Cancelable {
  /** Time of the timeout, in milliseconds since 1970. */
  deadline: number;
}

/** Export whose body goes through `port`. */
export interface StreamedExport extends ExportTask, Cancelable {
  port: MessagePort;
}

export interface ThreadRunnerOptions {
  config: Pick<Config, 'databaseUrl' | 'postgres'>;
  minVersionCount?: number;
  maxPendingQueries?: number;
}

export function createThreadRunner({
  config: { databaseUrl, postgres },
  minVersionCount = DEFAULT_MIN_VERSION_COUNT,
  maxPendingQueries = DEFAULT_MAX_PENDING_QUERIES,
}: ThreadRunnerOptions): SlowQueryRunner {
  const timeoutMs = postgres.statementTimeoutMs;
  const threadCount = Math.max(1, availableParallelism() - 1);
  const pools = createPools(databaseUrl, threadCount);
  const queryQueue = createSlowQueryQueue(threadCount, maxPendingQueries);
  const streamQueue = createSlowQueryQueue(MAX_STREAMS, MAX_STREAMS);
  const runExport = (task: StreamedExport) =>
    // The slot stays in use until the thread has produced the entire body.
    streamQueue.run(() => pools.streams.run<null>('streamExport', task, { transferList: [task.port] }));
  return {
    minVersionCount,
    warmUp() {
      pools.queries.start();
      pools.streams.start();
    },
    runQuery(task, _runInProcess, clientSignal) {
      const deadline = Date.now() + timeoutMs;
      return runWithTimeout(timeoutMs, clientSignal, (signal) =>
        queryQueue.run(() => runCancelable(pools.queries, task, deadline, signal), signal),
      );
    },
    async openStream(task, _openInProcess, response, signal) {
      const { port1, port2 } = new MessageChannel();
      const { body, started } = createBodyStream(port1, response);
      const { cancelFlag, cancel } = createCancelFlag();
      body.once('close', cancel);
      const completion = runExport({ ...task, cancelFlag, port: port2 });
      try {
        await rejectOnAbort(Promise.race([started, completion]), signal);
      } catch (error) {
        body.destroy();
        throw error;
      }
      completion.catch((error: Error) => body.destroy(error));
      return body;
    },
    writeArchive: (job, signal) => pools.archives.run('writeArchive', job, { signal }),
    async close() {
      const reason = serviceUnavailable('The server is shutting down');
      void queryQueue.close(reason);
      void streamQueue.close(reason);
      await Promise.all(Object.values(pools).map((pool) => pool.close()));
    },
  };
}

const createPools = (databaseUrl: string, threadCount: number) => ({
  queries: new ThreadPool({
    entry: 'query-worker',
    name: 'runQuery',
    workerData: { databaseUrl } satisfies StoreWorkerData,
    // The first slow query should not wait for a thread to start.
    threads: { min: 1, max: threadCount },
  }),
  streams: new ThreadPool({
    entry: 'query-worker',
    name: 'streamExport',
    workerData: { databaseUrl, cacheKb: STREAM_CACHE_KB } satisfies StoreWorkerData,
    threads: { min: 1, max: 1 },
    tasksPerThread: MAX_STREAMS,
    resourceLimits: STREAM_RESOURCE_LIMITS,
  }),
  archives: new ThreadPool({
    entry: 'archive-worker',
    name: 'writeArchive',
    workerData: { databaseUrl } satisfies StoreWorkerData,
    threads: { min: 0, max: 1 },
  }),
});

/** Runs a query in a thread; when `signal` aborts, the query stops at its next row, and the thread goes on. */
async function runCancelable<T>(
  pool: ThreadPool,
  task: QueryTask,
  deadline: number,
  signal: AbortSignal,
): Promise<T> {
  const { cancelFlag, cancel } = createCancelFlag();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const cancelable: CancelableQuery = { ...task, deadline, cancelFlag };
    return await pool.run<T>('runQuery', cancelable);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function createCancelFlag(): Cancelable & { cancel(): void } {
  const cancelFlag = new SharedArrayBuffer(4);
  return { cancelFlag, cancel: () => void Atomics.store(new Int32Array(cancelFlag), 0, 1) };
}
