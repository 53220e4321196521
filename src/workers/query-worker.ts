/** Worker thread that runs slow queries and exports, on a read-only database connection of its own. */
import { flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import { SerializedFactCache } from '../api/serialize/fact-cache.ts';
import { type ExportOptions, openExport } from '../api/service/export-stream.ts';
import { getExport, getQuery } from '../api/service/query-registry.ts';
import { type ReaderResources, readSnapshot } from '../api/service/snapshot-reader.ts';
import { openStoreForSlowQueries } from '../store/open.ts';
import { sendBody } from './body-stream.ts';
import { toTaskResult } from './error-transfer.ts';
import { openLazily } from './lazy-store.ts';
import { lowerThreadPriority } from './lower-priority.ts';
import type { CancelableQuery, StoreWorkerData, StreamedExport } from './thread-runner.ts';

const { databaseUrl, cacheKb } = workerData as StoreWorkerData;
const lazyStore = openLazily(() =>
  openStoreForSlowQueries(databaseUrl, cacheKb === undefined ? {} : { cacheKb }),
);
// The first task should not wait for it. If it fails, the task reports it.
lazyStore.get().catch(() => {});
// A slow query is not likely to find its facts in a cache.
const factCache = new SerializedFactCache(0);
// Without this, the compile cache (if enabled) would be written only when the thread ends.
flushCompileCache();
lowerThreadPriority();

/** Returns the store with reads that stop after `deadline`, or once the client has disconnected. */
async function openCancelable(
  deadline: number | null,
  cancelFlag: SharedArrayBuffer,
): Promise<ReaderResources> {
  const store = await lazyStore.get();
  const flag = new Int32Array(cancelFlag);
  // Set for each read, because the tasks of a thread share its connection.
  const read: typeof store.read = (work) =>
    store.read((db) => {
      store.setDeadline(deadline, flag);
      return work(db);
    });
  return { store: { ...store, read }, factCache };
}

export const runQuery = ({ name, input, snapshot, deadline, cancelFlag }: CancelableQuery) =>
  toTaskResult(async () => {
    const resources = await openCancelable(deadline, cancelFlag);
    return readSnapshot(resources, snapshot, async (reader) =>
      (await getQuery(name, input).plan(reader)).run(),
    );
  });

export const streamExport = ({ name, input, snapshot, options, cancelFlag, port }: StreamedExport) =>
  toTaskResult(async () => {
    try {
      const resources = await openCancelable(null, cancelFlag);
      const body = await openExport(resources, snapshot, getExport(name, input), options as ExportOptions);
      await sendBody(body, port);
      return null;
    } finally {
      port.close();
    }
  });
