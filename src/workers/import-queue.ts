/** Has dossiers checked, imported and deleted one at a time, beside whatever else the server does. */
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
  /** Takes one of the places that there are for jobs and their bodies, or throws. */
  reserve(): Slot;
  import(input: ImportInput, slot: Slot): Promise<ImportResult>;
  check(input: CheckInput, slot: Slot): Promise<CheckResult>;
  delete(input: DeleteInput, slot: Slot): Promise<ImportResult>;
  /** Waits for the job that has begun; those that have not are refused. */
  close(): Promise<void>;
}

/** Held by a client, and by its job until that has settled, whether or not the client waits for it. */
export interface Slot {
  /** The client has its answer, or has gone. */
  release(): void;
}

/** What one job asks for, and what it comes to. */
export type Job =
  | { kind: 'import'; input: ImportInput }
  | { kind: 'check'; input: CheckInput }
  | { kind: 'delete'; input: DeleteInput };

export type RunJob = (job: Job) => Promise<ImportResult | CheckResult>;

/** How many jobs may come in, wait and run: each holds a body in memory. */
export const MAX_JOBS = 16;

/** Does jobs in this thread, on a store that is open here. */
export const createInProcessImportQueue = (store: Store, now?: () => Date): ImportQueue =>
  createSerialQueue((job) => runJob(store, job, now));

export async function runJob(
  store: Store,
  { kind, input }: Job,
  now?: () => Date,
): Promise<ImportResult | CheckResult> {
  // What checks dossiers is much, and most servers only read.
  const { checkSubmission, importSubmission, deleteDossier } = await import('../ingest/dossier-service.ts');
  if (kind === 'import') return importSubmission(store, input, now);
  return kind === 'check' ? checkSubmission(store, input) : deleteDossier(store, input, now);
}

/** Does jobs by `run`, each after the one before; `end` is called when no more may come. */
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
    if (isClosing) throw serviceUnavailable('The server is about to stop.');
  };
  const enqueue = (job: Job, slot: Slot) => {
    heldByJob.add(slot);
    const result = lastJob
      .then(() => {
        throwIfClosing();
        // Nobody would hear of it.
        if (!heldByClient.has(slot)) throw new Problem('request-timeout', 'The client has gone.');
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
        const detail = `${MAX_JOBS} dossiers are being taken or wait for it, and no more may.`;
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

/** What the worker answers. */
export type WorkerResponse = { result: ImportResult | CheckResult } | SerializedError;

export interface ImportWorkerOptions {
  url: string;
  postgres: PostgresOptions;
}

/** Heap of the worker: what a dossier of the largest size takes several times over. */
const MAX_HEAP_MB = 4_096;

/** Does jobs in a thread of its own, with its own connection to the store; it is started by the first job. */
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
    // Whoever waits for an answer hears of an error too; without this, the process would end when nobody does.
    newWorker.on('error', clearWorker).once('exit', clearWorker);
    // A waiting thread must not keep the process alive.
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

/** One question at a time, so that the next message is the answer. */
function callWorker(worker: Worker, job: Job): Promise<WorkerResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<WorkerResponse>();
  const onExit = (code: number) => reject(new Error(`the thread of the imports ended with ${code}`));
  worker.once('message', resolve).once('error', reject).once('exit', onExit);
  worker.postMessage(job);
  return promise.finally(() => worker.off('message', resolve).off('error', reject).off('exit', onExit));
}

function rethrowOutOfMemory(error: { code?: string }): never {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
  throw new Problem('body-too-large', `The dossier takes more than ${MAX_HEAP_MB} MB to be taken in.`);
}

function unwrapResponse(response: WorkerResponse): ImportResult | CheckResult {
  if ('result' in response) return response.result;
  throw deserializeError(response);
}
