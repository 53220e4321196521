/** A thread that writes one file of everything. */
import { parentPort, workerData } from 'node:worker_threads';
import { writeWhole } from '../api/archive/write-archive.ts';
import { openStoreToScan } from '../store/open.ts';
import type { WholeWorkerData, Written } from './archive-runner.ts';
import { failureOf } from './error-transfer.ts';
import { giveWay } from './lower-priority.ts';

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
