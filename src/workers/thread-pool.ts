import { getCompileCacheDir } from 'node:module';
import { dirname, extname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transferable } from 'node:worker_threads';
import { Piscina } from 'piscina';
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
  /** Maximum number of tasks that a thread runs at a time; 1 by default. */
  tasksPerThread?: number;
  resourceLimits?: { maxOldGenerationSizeMb: number; maxYoungGenerationSizeMb?: number };
}

interface RunOptions {
  transferList?: Transferable[];
  /** Cancels the task: it leaves the queue, or its thread ends. */
  signal?: AbortSignal;
}

/** Worker threads for one kind of task, started by the first task. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions<unknown>;
  #piscina: Piscina | null = null;

  constructor(options: ThreadPoolOptions<unknown>) {
    this.#options = options;
  }

  /** Starts the threads that are kept while idle. */
  start(): void {
    this.#piscina ??= createPiscina(this.#options);
  }

  /** Runs the function `name` of the entry with `task`, and returns its result or rejects with its error. */
  async run<T>(name: string, task: unknown, { transferList, signal }: RunOptions = {}): Promise<T> {
    signal?.throwIfAborted();
    this.#piscina ??= createPiscina(this.#options);
    const result: TaskResult<T> = await this.#piscina
      .run(task, { name, ...(transferList && { transferList }), ...(signal && { signal }) })
      .catch((error: unknown) => {
        // Piscina wraps the reason.
        throw signal?.aborted ? signal.reason : error;
      });
    if ('error' in result) throw deserializeError(result.error);
    return result.value;
  }

  /** Ends the threads. One that is too busy to end in time ends with the process. */
  async close(): Promise<void> {
    if (!this.#piscina) return;
    await Promise.race([this.#piscina.destroy(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  }

  /** True if a thread exists, running or idle. */
  get hasThreads(): boolean {
    return (this.#piscina?.threads.length ?? 0) > 0;
  }
}

function createPiscina({
  entry,
  name,
  workerData,
  threads,
  tasksPerThread = 1,
  resourceLimits,
}: ThreadPoolOptions<unknown>): Piscina {
  // Threads share the compile cache of the process: compiling is half of the time that they take to start.
  const compileCacheFolder = getCompileCacheDir();
  const piscina = new Piscina({
    filename: new URL(`./${entry}${extname(import.meta.url)}`, import.meta.url).href,
    name,
    minThreads: threads.min,
    maxThreads: threads.max,
    concurrentTasksPerWorker: tasksPerThread,
    idleTimeout: IDLE_TIMEOUT_MS,
    workerData,
    ...(resourceLimits && { resourceLimits }),
    ...(compileCacheFolder && { env: { ...process.env, NODE_COMPILE_CACHE: dirname(compileCacheFolder) } }),
  });
  // A waiting caller gets the error of a thread; without a caller, it must not end the server.
  piscina.on('error', () => {});
  return piscina;
}
