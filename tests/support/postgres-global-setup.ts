/** Starts one cluster for all test files. */
import type { TestProject } from 'vitest/node';
import { startCluster } from './postgres-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    postgresCertificate: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, certificate, remove } = await startCluster();
  project.provide('postgresUrl', url);
  project.provide('postgresCertificate', certificate);
  return remove;
}
