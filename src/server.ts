/** One process that serves requests. */
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { type AppOptions, buildApp } from './app.ts';
import type { Config } from './config.ts';
import type { Store } from './store/open.ts';
import { createSlowQueryRunner } from './workers/create-slow-query-runner.ts';
import { createThreadImportQueue } from './workers/import-queue.ts';

/** Running server, of one process or several. */
export interface Server {
  /** URL that the server listens on. */
  address: string;
  log: FastifyBaseLogger;
  /** Accepts no more requests, and waits for those in flight. */
  close(): Promise<void>;
}

/** Time after which a shutdown is aborted. */
export const SHUTDOWN_TIMEOUT_MS = 20_000;

/** Handler for a signal that ends the process, or an uncaught error. */
export const createShutdownHandler =
  ({ log, close }: Server) =>
  async ({ err }: { err?: Error }): Promise<void> => {
    if (err) log.error({ err }, 'uncaught error, shutting down');
    await close();
  };

/** Serves `store`, and closes it when the server closes. */
export async function startServer(
  config: Config,
  store: Store,
  options: Pick<AppOptions, 'cluster' | 'rejectedFolders'> = {},
): Promise<Server & { port: number }> {
  const importQueue = createThreadImportQueue({
    url: config.databaseUrl,
    options: { ...config.postgres, readOnly: config.readOnly },
  });
  const slowQueryRunner = createSlowQueryRunner(config);
  const app = await buildApp({ store, config, importQueue, slowQueryRunner, ...options });
  const address = await app.listen({ host: config.host, port: config.port });
  return {
    address,
    port: (app.server.address() as AddressInfo).port,
    log: app.log,
    async close() {
      // Requests in flight are completed first, except imports that wait in the queue.
      const closed = await Promise.allSettled([app.close(), importQueue.close()]);
      await slowQueryRunner.close();
      await store.close();
      for (const result of closed) if (result.status === 'rejected') throw result.reason;
    },
  };
}
