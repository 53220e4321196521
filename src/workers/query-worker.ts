/** Worker thread that runs slow queries and exports, on a read-only database connection of its own. */
import { flushCompileCache } from 'node:module';
import { workerData } from 'node:worker_threads';
import { SerializedFactCache } from '../api/serialize/fact-cache.ts';
import { type ExportOptions, openExport } from '../api/service/export-stream.ts';
import { readAt } from '../api/service/fact-service.ts';
import { getExport, getQuery } from '../api/service/tasks.ts';
import { openStoreForSlowQueries } from '../store/open.ts';
import { sendBody } from './body-stream.ts';
import { toTaskResult } from './error-transfer.ts';
import { lowerThreadPriority } from './lower-priority.ts';
import type { CancelableQuery, StoreWorkerData, StreamedExport } from './thread-runner.ts';

const { databaseUrl, cacheKb } = workerData as StoreWorkerData;
const store = await openStoreForSlowQueries(databaseUrl, cacheKb === undefined ? {} : { cacheKb });
// A slow query is not likely to find its facts in a cache.
const service = { store, factCache: new SerializedFactCache(0) };
// Without this, the compile cache (if enabled) would be written only when the thread ends.
flushCompileCache();
lowerThreadPriority();

export const runQuery = ({ name, input, snapshot, deadline, cancelFlag }: CancelableQuery) =>
  toTaskResult(() => {
    store.setDeadline(deadline, new Int32Array(cancelFlag));
    return readAt(service, snapshot, async (reader) => (await getQuery(name, input).plan(reader)).run());
  });

export const streamExport = ({ name, input, snapshot, options, port }: StreamedExport) =>
  toTaskResult(async () => {
    const body = await openExport(service, snapshot, getExport(name, input), options as ExportOptions);
    await sendBody(body, port).finally(() => port.close());
    return null;
  });
