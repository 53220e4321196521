/** Queue that checks, imports and deletes dossiers one at a time, while the server handles other requests. */
import type {
  CheckInput,
  CheckResult,
  DeleteInput,
  ImportInput,
  ImportResult,
} from '../ingest/dossier-service.ts';
import { BoundedQueue, type Slot as QueueSlot } from '../lib/bounded-queue.ts';
import { Problem, RETRY_AFTER_HEADER, serviceUnavailable } from '../lib/problem-details.ts';
import type { Store, StoreOptions } from '../store/open.ts';
import { ThreadPool } from './thread-pool.ts';

export interface ImportQueue {
  /** Reserves a slot for a job and its body; throws if none is free. */
  reserve(): Slot;
  import(input: ImportInput, slot: Slot): Promise<ImportResult>;
  check(input: CheckInput, slot: Slot): Promise<CheckResult>;
  delete(input: DeleteInput, slot: Slot): Promise<ImportResult>;
  /** Waits for the running job, and rejects the waiting ones. */
  close(): Promise<void>;
}

/** Slot held by a client, and by its job until the job ends, even after the client has disconnected. */
export interface Slot extends Pick<QueueSlot, 'run'> {
  /** Ends the client's hold: the response has been sent, or the client has closed the connection. */
  release(): void;
}

export type Job =
  | { kind: 'import'; input: ImportInput }
  | { kind: 'check'; input: CheckInput }
  | { kind: 'delete'; input: DeleteInput };

export type RunJob = (job: Job) => Promise<ImportResult | CheckResult>;

/** Maximum number of jobs that arrive, wait or run: each holds a body in memory. */
export const MAX_JOBS = 16;

/** Creates a queue that runs jobs in this thread. */
export const createInProcessImportQueue = (store: Store, now?: () => Date): ImportQueue =>
  createImportQueue((job) => runJob(store, job, now));

export async function runJob(
  store: Store,
  { kind, input }: Job,
  now?: () => Date,
): Promise<ImportResult | CheckResult> {
  // Loaded on first use: validation has many modules, and most servers only read.
  const { checkSubmission, importSubmission, deleteDossier } = await import('../ingest/dossier-service.ts');
  if (kind === 'import') return importSubmission(store, input, now);
  return kind === 'check' ? checkSubmission(store, input) : deleteDossier(store, input, now);
}

/** Creates a queue that calls `run` for one job at a time, and `onClose` after the last one. */
export function createImportQueue(run: RunJob, onClose: () => Promise<void> = async () => {}): ImportQueue {
  const queue = new BoundedQueue({
    concurrency: 1,
    capacity: MAX_JOBS,
    createFullError: () =>
      new Problem(
        'imports-full',
        `The queue for imports is full: ${MAX_JOBS} dossiers are being processed or waiting`,
        [],
        RETRY_AFTER_HEADER,
      ),
  });
  const enqueue = <T extends ImportResult | CheckResult>(job: Job, slot: Slot) =>
    slot.run(() => run(job)) as Promise<T>;
  return {
    import: (input, slot) => enqueue({ kind: 'import', input }, slot),
    check: (input, slot) => enqueue({ kind: 'check', input }, slot),
    delete: (input, slot) => enqueue({ kind: 'delete', input }, slot),
    reserve() {
      const { run, release } = queue.reserve();
      return { run, release: () => release(new Problem('request-timeout', 'The client has disconnected')) };
    },
    async close() {
      await queue.close(serviceUnavailable('The server is shutting down'));
      await onClose();
    },
  };
}

/** `workerData` of the thread. */
export interface ImportWorkerOptions {
  url: string;
  options: StoreOptions;
}

/** Heap limit of the thread: several times what a dossier of the maximum size needs. */
const MAX_HEAP_MB = 4_096;

/** Creates a queue that runs jobs in a worker thread, which the first job starts, on its own connection. */
export function createThreadImportQueue(workerData: ImportWorkerOptions): ImportQueue {
  const pool = new ThreadPool({
    entry: 'import-worker',
    name: 'runImportJob',
    workerData,
    threads: { min: 0, max: 1 },
    idleTimeoutMs: Number.POSITIVE_INFINITY,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const run: RunJob = (job) =>
    pool.run<ImportResult | CheckResult>('runImportJob', job).catch(rethrowOutOfMemory);
  return createImportQueue(run, async () => {
    if (pool.hasThreads) await pool.run('closeStore', null);
    await pool.close();
  });
}

function rethrowOutOfMemory(error: { code?: string }): never {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
  throw new Problem(
    'body-too-large',
    `Processing the dossier takes more than ${MAX_HEAP_MB} MB of memory; send a smaller dossier`,
  );
}
