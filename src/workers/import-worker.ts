/** Worker thread that checks and imports dossiers, so that they never block the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { StoreUnavailable } from '../store/database.ts';
import { openStore } from '../store/open.ts';
import { serializeError } from './error-transfer.ts';
import { type ImportWorkerOptions, type Job, runJob, type WorkerResponse } from './import-queue.ts';

const { url, postgres } = workerData as ImportWorkerOptions;
let store: ReturnType<typeof openStore> | undefined;

parentPort?.on('message', async (job: Job | null) => {
  if (job !== null) return parentPort?.postMessage(await handleJob(job));
  // Null: the queue has closed.
  await (await store)?.close();
  parentPort?.close();
});

async function handleJob(job: Job): Promise<WorkerResponse> {
  try {
    return { result: await runJob(await getStore(), job) };
  } catch (error) {
    return serializeError(error);
  }
}

/** Opens the store on first use. After a failure, the next job tries again. */
function getStore(): ReturnType<typeof openStore> {
  store ??= openStore(url, postgres).catch((error: unknown) => {
    store = undefined;
    throw new StoreUnavailable('The database does not respond', { cause: error });
  });
  return store;
}
