/** Vitest global setup that starts one PostgreSQL cluster for all test files. */
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    postgresCertificate: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, certificate, remove } = await startPostgres();
  project.provide('postgresUrl', url);
  project.provide('postgresCertificate', certificate);
  return remove;
}
