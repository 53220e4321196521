/** A thread that writes one file of everything. */
import { parentPort, workerData } from 'node:worker_threads';
import { writeWhole } from '../collection/whole/write.ts';
import { openStoreToScan } from '../store/open.ts';
import { failureOf } from '../thread-errors.ts';
import { giveWay } from './give-way.ts';
import type { WholeWorkerData, Written } from './whole.ts';

const { databaseUrl, job } = workerData as WholeWorkerData;
giveWay();
parentPort?.postMessage(await written());

async function written(): Promise<Written> {
  try {
    const store = await openStoreToScan(databaseUrl);
    // Whoever no longer wants the file ends the thread.
    await writeWhole(store, job, new AbortController().signal).finally(() => store.close());
    return null;
  } catch (error) {
    return failureOf(error);
  }
}
