/** Server shared by all tests that only read, with the first dossier. Tests must not write to it. */
import type { TestProject } from 'vitest/node';
import { startServer } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    url: string;
  }
}

export default async function shared({ provide }: TestProject) {
  const server = await startServer();
  provide('url', server.url);
  return server.stop;
}
