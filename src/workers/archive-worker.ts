/** Worker thread that writes one archive. */
import { parentPort, workerData } from 'node:worker_threads';
import { writeArchive } from '../api/archive/write-archive.ts';
import { openStoreForSlowQueries } from '../store/open.ts';
import type { ArchiveWorkerData, ArchiveWorkerResult } from './archive-runner.ts';
import { serializeError } from './error-transfer.ts';
import { lowerThreadPriority } from './lower-priority.ts';

const { databaseUrl, job } = workerData as ArchiveWorkerData;
lowerThreadPriority();
parentPort?.postMessage(await runArchiveJob());

async function runArchiveJob(): Promise<ArchiveWorkerResult> {
  try {
    const store = await openStoreForSlowQueries(databaseUrl);
    // Never aborted: the main thread cancels by terminating this thread.
    await writeArchive(store, job, new AbortController().signal).finally(() => store.close());
    return null;
  } catch (error) {
    return serializeError(error);
  }
}
