/** Worker thread that checks and imports dossiers, so that they never block the main thread. */
import { workerData } from 'node:worker_threads';
import { StoreUnavailable } from '../store/database.ts';
import { openStore } from '../store/open.ts';
import { toTaskResult } from './error-transfer.ts';
import { type ImportWorkerOptions, type Job, runJob } from './import-queue.ts';

const { url, postgres } = workerData as ImportWorkerOptions;
let store: ReturnType<typeof openStore> | undefined;

export const runImportJob = (job: Job) => toTaskResult(async () => runJob(await getStore(), job));

/** Closes the connection before the thread ends. */
export const closeStore = () =>
  toTaskResult(async () => {
    await (await store)?.close();
    store = undefined;
    return null;
  });

/** Opens the store on first use. After a failure, the next job tries again. */
function getStore(): ReturnType<typeof openStore> {
  store ??= openStore(url, postgres).catch((error: unknown) => {
    store = undefined;
    throw new StoreUnavailable('The database does not respond', { cause: error });
  });
  return store;
}
