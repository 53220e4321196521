/** Worker thread that checks and imports dossiers, so that they never block the main thread. */
import { workerData } from 'node:worker_threads';
import { openStore } from '../store/open.ts';
import { toTaskResult } from './error-transfer.ts';
import { type ImportWorkerOptions, type Job, runJob } from './import-queue.ts';
import { openLazily } from './lazy-store.ts';

const { url, options } = workerData as ImportWorkerOptions;
const lazyStore = openLazily(() => openStore(url, options));

export const runImportJob = (job: Job) => toTaskResult(async () => runJob(await lazyStore.get(), job));

/** Closes the connection before the thread ends. */
export const closeStore = () => toTaskResult(() => lazyStore.close());
