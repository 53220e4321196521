import { getCompileCacheDir } from 'node:module';
import { dirname, extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transferable } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { serviceUnavailable } from '../lib/problem-details.ts';
import { deserializeError, type TaskResult } from './error-transfer.ts';

/** Time until an idle thread ends: starting one takes a moment, an idle one takes memory. */
const IDLE_TIMEOUT_MS = 60_000;
/** Time that a shutdown waits for threads to end. */
const CLOSE_TIMEOUT_MS = 5_000;

export interface ThreadPoolOptions<WorkerData> {
  /** Name of the module that threads run, in this folder and without its extension. */
  entry: string;
  /** Function of the module that a thread loads when it starts. */
  name: string;
  workerData: WorkerData;
  /** Number of threads that are kept while idle, and maximum number. */
  threads: { min: number; max: number };
  /** Time until an idle thread ends; `Infinity` keeps it. */
  idleTimeoutMs?: number;
  /** Maximum number of tasks that a thread runs at a time; 1 by default. */
  tasksPerThread?: number;
  resourceLimits?: { maxOldGenerationSizeMb: number; maxYoungGenerationSizeMb?: number };
}

interface RunOptions {
  transferList?: Transferable[];
  /** Cancels the task: it leaves the queue, or its thread ends. */
  signal?: AbortSignal;
}

/** Threads that have been started, and the error with which they failed to start. */
interface StartedThreads {
  piscina: Piscina;
  startError?: unknown;
}

/** Worker threads for one kind of task, started by the first task. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions<unknown>;
  #started: StartedThreads | null = null;
  #isClosed = false;

  constructor(options: ThreadPoolOptions<unknown>) {
    this.#options = options;
  }

  /** Starts the threads that are kept while idle. */
  start(): void {
    this.#getThreads();
  }

  /** Runs the function `name` of the entry with `task`, and returns its result or rejects with its error. */
  async run<T>(name: string, task: unknown, { transferList, signal }: RunOptions = {}): Promise<T> {
    signal?.throwIfAborted();
    const threads = this.#getThreads();
    const result: TaskResult<T> = await threads.piscina
      .run(task, { name, ...(transferList && { transferList }), ...(signal && { signal }) })
      .catch((error: unknown) => {
        // Piscina wraps the reason of the signal, and knows only that a thread has ended.
        throw signal?.aborted ? signal.reason : (threads.startError ?? error);
      });
    if ('error' in result) throw deserializeError(result.error);
    return result.value;
  }

  /** Ends the threads. One that is too busy to end in time ends with the process. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (!this.#started) return;
    const ended = this.#started.piscina.destroy();
    await Promise.race([ended, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  }

  /** True if a thread exists, running or idle. */
  get hasThreads(): boolean {
    return (this.#started?.piscina.threads.length ?? 0) > 0;
  }

  #getThreads(): StartedThreads {
    if (this.#isClosed) throw serviceUnavailable('The server is shutting down');
    if (this.#started) return this.#started;
    const threads: StartedThreads = { piscina: createPiscina(this.#options) };
    // Emitted when a thread fails without a task, above all when it starts. Piscina would leave the tasks that
    // wait for the thread in its queue, and start no other.
    threads.piscina.on('error', (error) => {
      if (threads.piscina.threads.length > 0) return;
      threads.startError = error;
      if (this.#started === threads) this.#started = null;
      void threads.piscina.destroy();
    });
    this.#started = threads;
    return threads;
  }
}

function createPiscina({
  entry,
  name,
  workerData,
  threads,
  idleTimeoutMs = IDLE_TIMEOUT_MS,
  tasksPerThread = 1,
  resourceLimits,
}: ThreadPoolOptions<unknown>): Piscina {
  // Threads share the compile cache of the process: compiling is half of the time that they take to start.
  const compileCacheFolder = getCompileCacheDir();
  return new Piscina({
    filename: new URL(`./${entry}${extname(import.meta.url)}`, import.meta.url).href,
    name,
    minThreads: threads.min,
    maxThreads: threads.max,
    concurrentTasksPerWorker: tasksPerThread,
    idleTimeout: idleTimeoutMs,
    // Otherwise an idle thread is blocked: it would notice neither closed ports nor closed connections.
    atomics: 'disabled',
    workerData,
    ...(resourceLimits && { resourceLimits }),
    ...(compileCacheFolder && { env: { ...process.env, NODE_COMPILE_CACHE: dirname(compileCacheFolder) } }),
  });
}
