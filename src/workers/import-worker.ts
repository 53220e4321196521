/** The thread that checks and imports dossiers, so that the one that answers requests never waits for them. */
import { parentPort, workerData } from 'node:worker_threads';
import { StoreUnavailable } from '../store/database.ts';
import { openStore } from '../store/open.ts';
import { serializeError } from './error-transfer.ts';
import { type ImportWorkerOptions, type Job, runJob, type WorkerResponse } from './import-queue.ts';

const { url, postgres } = workerData as ImportWorkerOptions;
let store: ReturnType<typeof openStore> | undefined;

parentPort?.on('message', async (job: Job | null) => {
  if (job !== null) return parentPort?.postMessage(await handleJob(job));
  // No more will come.
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

/** A store that cannot be opened now is tried again by the next job. */
function getStore(): ReturnType<typeof openStore> {
  store ??= openStore(url, postgres).catch((error: unknown) => {
    store = undefined;
    throw new StoreUnavailable('The store does not answer.', { cause: error });
  });
  return store;
}
