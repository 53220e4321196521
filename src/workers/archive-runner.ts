/** Files of everything from an SQLite store: each is written by a thread of its own, which ends with it. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Snapshot } from '../store/snapshot.ts';
import { deserializeError, type SerializedError } from './error-transfer.ts';

export interface ArchiveJob {
  /** Of which format, by what stands after the dot. */
  extension: string;
  snapshot: Snapshot;
  publicUrl: string;
  /** Where there is no file yet. */
  path: string;
}

/** What the thread is started with. */
export interface ArchiveWorkerData {
  databaseUrl: string;
  job: ArchiveJob;
}

/** The only message: null once the file is whole. */
export type ArchiveWorkerResult = SerializedError | null;

export async function runArchiveWorker(data: ArchiveWorkerData, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<ArchiveWorkerResult>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  const url = new URL(`./archive-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(url, { workerData: data });
  worker.on('message', resolve).on('error', reject);
  worker.on('exit', (code) => reject(new Error(`the thread that writes the file ended with ${code}`)));
  try {
    const serializedError = await promise;
    if (serializedError) throw deserializeError(serializedError);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
