/** Archives of an SQLite store: each is written by its own worker thread. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Snapshot } from '../store/snapshot.ts';
import { deserializeError, type SerializedError } from './error-transfer.ts';

export interface ArchiveJob {
  /** File extension without the dot; it determines the format. */
  extension: string;
  snapshot: Snapshot;
  publicUrl: string;
  /** Path at which no file exists yet. */
  path: string;
}

/** `workerData` of the thread. */
export interface ArchiveWorkerData {
  databaseUrl: string;
  job: ArchiveJob;
}

/** Only message of the thread: null once the file is complete. */
export type ArchiveWorkerResult = SerializedError | null;

export async function runArchiveWorker(data: ArchiveWorkerData, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<ArchiveWorkerResult>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort);
  const url = new URL(`./archive-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(url, { workerData: data });
  worker.on('message', resolve).on('error', reject);
  worker.on('exit', (code) => reject(new Error(`the archive thread exited with code ${code}`)));
  try {
    const serializedError = await promise;
    if (serializedError) throw deserializeError(serializedError);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
