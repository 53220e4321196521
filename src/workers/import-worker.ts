/** The thread that checks and imports dossiers, so that the one that answers requests never waits for them. */
import { parentPort, workerData } from 'node:worker_threads';
import { StoreUnavailable } from '../store/database.ts';
import { openStore } from '../store/open.ts';
import { failureOf } from './error-transfer.ts';
import { type Answer, type Job, runOn, type WorkerOptions } from './import-queue.ts';

const { url, postgres } = workerData as WorkerOptions;
let store: ReturnType<typeof openStore> | undefined;

parentPort?.on('message', async (job: Job | null) => {
  if (job !== null) return parentPort?.postMessage(await answerTo(job));
  // No more will come.
  await (await store)?.close();
  parentPort?.close();
});

async function answerTo(job: Job): Promise<Answer> {
  try {
    return { done: await runOn(await opened(), job) };
  } catch (error) {
    return failureOf(error);
  }
}

/** A store that cannot be opened now is tried again by the next job. */
function opened(): ReturnType<typeof openStore> {
  store ??= openStore(url, postgres).catch((error: unknown) => {
    store = undefined;
    throw new StoreUnavailable('The store does not answer.', { cause: error });
  });
  return store;
}
