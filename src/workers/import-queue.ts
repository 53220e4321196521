/** Has dossiers checked, imported and deleted one at a time, beside whatever else the server does. */
import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Import, Receipt, Removal, Sent, Verdict } from '../ingest/dossier-service.ts';
import { notReady, Problem, RETRY } from '../lib/problem-details.ts';
import type { Store } from '../store/open.ts';
import type { PostgresOptions } from '../store/postgres/postgres-database.ts';
import { errorOf, type Failure } from './error-transfer.ts';

export interface Importer {
  /** Takes one of the places that there are for jobs and their bodies, or throws. */
  enter(): Place;
  import(job: Import, place: Place): Promise<Receipt>;
  check(job: Sent, place: Place): Promise<Verdict>;
  remove(job: Removal, place: Place): Promise<Receipt>;
  /** Waits for the job that has begun; those that have not are refused. */
  close(): Promise<void>;
}

/** Held by a client, and by its job until that has settled, whether or not the client waits for it. */
export interface Place {
  /** The client has its answer, or has gone. */
  leave(): void;
}

/** What one job asks for, and what it comes to. */
export type Job =
  | { kind: 'import'; job: Import }
  | { kind: 'check'; job: Sent }
  | { kind: 'remove'; job: Removal };

export type Run = (job: Job) => Promise<Receipt | Verdict>;

/** How many jobs may come in, wait and run: each holds a body in memory. */
export const MAX_JOBS = 16;

/** Does jobs in this thread, on a store that is open here. */
export const importerOn = (store: Store, now?: () => Date): Importer =>
  oneAtATime((job) => runOn(store, job, now));

export async function runOn(store: Store, { kind, job }: Job, now?: () => Date): Promise<Receipt | Verdict> {
  // What checks dossiers is much, and most servers only read.
  const { checkSent, importSent, removeStored } = await import('../ingest/dossier-service.ts');
  if (kind === 'import') return importSent(store, job, now);
  return kind === 'check' ? checkSent(store, job) : removeStored(store, job, now);
}

/** Does jobs by `run`, each after the one before; `end` is called when no more may come. */
export function oneAtATime(run: Run, end: () => Promise<void> = async () => {}): Importer {
  let taken = 0;
  let closing = false;
  let last: Promise<unknown> = Promise.resolve();
  const waiting = new Set<Place>();
  const working = new Set<Place>();
  const settle = (place: Place) => {
    if (!waiting.has(place) && !working.has(place)) taken -= 1;
  };
  const refuseIfClosing = () => {
    if (closing) throw notReady('The server is about to stop.');
  };
  const inTurn = (job: Job, place: Place) => {
    working.add(place);
    const done = last
      .then(() => {
        refuseIfClosing();
        // Nobody would hear of it.
        if (!waiting.has(place)) throw new Problem('request-timeout', 'The client has gone.');
        return run(job);
      })
      .finally(() => {
        working.delete(place);
        settle(place);
      });
    last = done.catch(() => {});
    return done;
  };
  return {
    import: (job, place) => inTurn({ kind: 'import', job }, place) as Promise<Receipt>,
    check: (job, place) => inTurn({ kind: 'check', job }, place) as Promise<Verdict>,
    remove: (job, place) => inTurn({ kind: 'remove', job }, place) as Promise<Receipt>,
    enter() {
      refuseIfClosing();
      if (taken === MAX_JOBS) {
        const detail = `${MAX_JOBS} dossiers are being taken or wait for it, and no more may.`;
        throw new Problem('imports-full', detail, [], RETRY);
      }
      taken += 1;
      const place: Place = {
        leave() {
          if (waiting.delete(place)) settle(place);
        },
      };
      waiting.add(place);
      return place;
    },
    async close() {
      closing = true;
      await last;
      await end();
    },
  };
}

/** What the worker answers. */
export type Answer = { done: Receipt | Verdict } | Failure;

export interface WorkerOptions {
  url: string;
  postgres: PostgresOptions;
}

/** Heap of the worker: what a dossier of the largest size takes several times over. */
const MAX_HEAP_MB = 4_096;

/** Does jobs in a thread of its own, with its own connection to the store; it is started by the first job. */
export function importerInThread(options: WorkerOptions): Importer {
  let worker: Worker | undefined;
  const started = (): Worker => {
    const url = new URL(`./import-worker${extname(import.meta.url)}`, import.meta.url);
    const made = new Worker(url, {
      workerData: options,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    const forget = () => {
      if (worker === made) worker = undefined;
    };
    // Whoever waits for an answer hears of an error too; without this, the process would end when nobody does.
    made.on('error', forget).once('exit', forget);
    // A waiting thread must not keep the process alive.
    made.unref();
    return made;
  };
  const run: Run = async (job) => {
    worker ??= started();
    return resultOf(await asked(worker, job).catch(outOfMemory));
  };
  return oneAtATime(run, async () => {
    if (!worker) return;
    const ended = once(worker, 'exit');
    worker.postMessage(null);
    await ended;
  });
}

/** One question at a time, so that the next message is the answer. */
function asked(worker: Worker, job: Job): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const onExit = (code: number) => reject(new Error(`the thread of the imports ended with ${code}`));
  worker.once('message', resolve).once('error', reject).once('exit', onExit);
  worker.postMessage(job);
  return promise.finally(() => worker.off('message', resolve).off('error', reject).off('exit', onExit));
}

function outOfMemory(error: { code?: string }): never {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
  throw new Problem('body-too-large', `The dossier takes more than ${MAX_HEAP_MB} MB to be taken in.`);
}

function resultOf(answer: Answer): Receipt | Verdict {
  if ('done' in answer) return answer.done;
  throw errorOf(answer);
}
