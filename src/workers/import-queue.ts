/** Queue that checks, imports and deletes dossiers one at a time, while the server handles other requests. */
import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type {
  CheckInput,
  CheckResult,
  DeleteInput,
  ImportInput,
  ImportResult,
} from '../ingest/dossier-service.ts';
import { Problem, RETRY_AFTER_HEADER, serviceUnavailable } from '../lib/problem-details.ts';
import type { Store } from '../store/open.ts';
import type { PostgresOptions } from '../store/postgres/postgres-database.ts';
import { deserializeError, type SerializedError } from './error-transfer.ts';

export interface ImportQueue {
  /** Reserves a slot for a job and its body; throws if none is free. */
  reserve(): Slot;
  import(input: ImportInput, slot: Slot): Promise<ImportResult>;
  check(input: CheckInput, slot: Slot): Promise<CheckResult>;
  delete(input: DeleteInput, slot: Slot): Promise<ImportResult>;
  /** Waits for the running job, and rejects the waiting ones. */
  close(): Promise<void>;
}

/** Slot held by a client, and by its job until that has settled, even if the client no longer waits. */
export interface Slot {
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
  createSerialQueue((job) => runJob(store, job, now));

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
export function createSerialQueue(run: RunJob, onClose: () => Promise<void> = async () => {}): ImportQueue {
  let slotsInUse = 0;
  let isClosing = false;
  let lastJob: Promise<unknown> = Promise.resolve();
  const heldByClient = new Set<Slot>();
  const heldByJob = new Set<Slot>();
  const releaseIfUnheld = (slot: Slot) => {
    if (!heldByClient.has(slot) && !heldByJob.has(slot)) slotsInUse -= 1;
  };
  const throwIfClosing = () => {
    if (isClosing) throw serviceUnavailable('The server is shutting down');
  };
  const enqueue = (job: Job, slot: Slot) => {
    heldByJob.add(slot);
    const result = lastJob
      .then(() => {
        throwIfClosing();
        // No one would receive the result.
        if (!heldByClient.has(slot)) throw new Problem('request-timeout', 'The client has disconnected');
        return run(job);
      })
      .finally(() => {
        heldByJob.delete(slot);
        releaseIfUnheld(slot);
      });
    lastJob = result.catch(() => {});
    return result;
  };
  return {
    import: (input, slot) => enqueue({ kind: 'import', input }, slot) as Promise<ImportResult>,
    check: (input, slot) => enqueue({ kind: 'check', input }, slot) as Promise<CheckResult>,
    delete: (input, slot) => enqueue({ kind: 'delete', input }, slot) as Promise<ImportResult>,
    reserve() {
      throwIfClosing();
      if (slotsInUse === MAX_JOBS) {
        const detail = `The queue for imports is full: ${MAX_JOBS} dossiers are being processed or waiting`;
        throw new Problem('imports-full', detail, [], RETRY_AFTER_HEADER);
      }
      slotsInUse += 1;
      const slot: Slot = {
        release() {
          if (heldByClient.delete(slot)) releaseIfUnheld(slot);
        },
      };
      heldByClient.add(slot);
      return slot;
    },
    async close() {
      isClosing = true;
      await lastJob;
      await onClose();
    },
  };
}

/** Message from the worker: the response to one job. */
export type WorkerResponse = { result: ImportResult | CheckResult } | SerializedError;

export interface ImportWorkerOptions {
  url: string;
  postgres: PostgresOptions;
}

/** Heap limit of the worker: several times what a dossier of the maximum size needs. */
const MAX_HEAP_MB = 4_096;

/** Creates a queue that runs jobs in a worker thread, which the first job starts, on its own connection. */
export function createWorkerImportQueue(options: ImportWorkerOptions): ImportQueue {
  let worker: Worker | undefined;
  const startWorker = (): Worker => {
    const url = new URL(`./import-worker${extname(import.meta.url)}`, import.meta.url);
    const newWorker = new Worker(url, {
      workerData: options,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    const clearWorker = () => {
      if (worker === newWorker) worker = undefined;
    };
    // Waiting callers receive errors too. Without a caller, an unhandled error would end the process.
    newWorker.on('error', clearWorker).once('exit', clearWorker);
    // An idle thread must not keep the process alive.
    newWorker.unref();
    return newWorker;
  };
  const run: RunJob = async (job) => {
    worker ??= startWorker();
    return unwrapResponse(await callWorker(worker, job).catch(rethrowOutOfMemory));
  };
  return createSerialQueue(run, async () => {
    if (!worker) return;
    const exited = once(worker, 'exit');
    worker.postMessage(null);
    await exited;
  });
}

/** Sends a job to the worker. Only one runs at a time, so the next message is its response. */
function callWorker(worker: Worker, job: Job): Promise<WorkerResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<WorkerResponse>();
  const onExit = (code: number) => reject(new Error(`the import thread exited with code ${code}`));
  worker.once('message', resolve).once('error', reject).once('exit', onExit);
  worker.postMessage(job);
  return promise.finally(() => worker.off('message', resolve).off('error', reject).off('exit', onExit));
}

function rethrowOutOfMemory(error: { code?: string }): never {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
  throw new Problem(
    'body-too-large',
    `Processing the dossier takes more than ${MAX_HEAP_MB} MB of memory; send a smaller dossier`,
  );
}

function unwrapResponse(response: WorkerResponse): ImportResult | CheckResult {
  if ('result' in response) return response.result;
  throw deserializeError(response);
}
