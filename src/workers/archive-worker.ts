/** Worker thread that writes archives. */
import { workerData } from 'node:worker_threads';
import { writeArchive as write } from '../api/archive/write-archive.ts';
import { openStoreForSlowQueries } from '../store/open.ts';
import { toTaskResult } from './error-transfer.ts';
import { lowerThreadPriority } from './lower-priority.ts';
import type { ArchiveJob } from './slow-query-runner.ts';
import type { StoreWorkerData } from './thread-runner.ts';

const { databaseUrl } = workerData as StoreWorkerData;
lowerThreadPriority();

export const writeArchive = (job: ArchiveJob) =>
  toTaskResult(async () => {
    const store = await openStoreForSlowQueries(databaseUrl);
    // Never aborted: the main thread cancels by ending this thread.
    await write(store, job, new AbortController().signal).finally(() => store.close());
    return null;
  });
