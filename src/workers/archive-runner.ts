/** Files of everything from an SQLite store: each is written by a thread of its own, which ends with it. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Reading } from '../store/snapshot.ts';
import { errorOf, type Failure } from './error-transfer.ts';

export interface WholeJob {
  /** Of which format, by what stands after the dot. */
  extension: string;
  reading: Reading;
  publicUrl: string;
  /** Where there is no file yet. */
  path: string;
}

/** What the thread is started with. */
export interface WholeWorkerData {
  databaseUrl: string;
  job: WholeJob;
}

/** The only message: null once the file is whole. */
export type Written = Failure | null;

export async function writeInThread(data: WholeWorkerData, stop: AbortSignal): Promise<void> {
  stop.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<Written>();
  const giveUp = () => reject(stop.reason);
  stop.addEventListener('abort', giveUp);
  const url = new URL(`./archive-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(url, { workerData: data });
  worker.on('message', resolve).on('error', reject);
  worker.on('exit', (code) => reject(new Error(`the thread that writes the file ended with ${code}`)));
  try {
    const failure = await promise;
    if (failure) throw errorOf(failure);
  } finally {
    stop.removeEventListener('abort', giveUp);
    await worker.terminate();
  }
}
