/** One process that answers requests. */
import type { AddressInfo } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import type { ClusterClient } from './http/cluster-client.ts';
import type { Store } from './store/open.ts';
import { createWorkerImportQueue } from './workers/import-queue.ts';
import { createSlowQueryRunner } from './workers/index.ts';

/** What listens, be it one process or several. */
export interface Server {
  /** Where, as a URL. */
  address: string;
  log: FastifyBaseLogger;
  /** Takes no more requests, and waits for what is in flight. */
  close(): Promise<void>;
}

/** How long closing may take before it is cut short. */
export const SHUTDOWN_TIMEOUT_MS = 20_000;

/** What is done when a signal ends the process, or an error that nobody has caught. */
export const createShutdownHandler =
  ({ log, close }: Server) =>
  async ({ err }: { err?: Error }): Promise<void> => {
    if (err) log.error({ err }, 'the server ends by an error that nobody has caught');
    await close();
  };

/** Serves `store`, which it closes when it is closed itself. */
export async function startServer(
  config: Config,
  store: Store,
  cluster?: ClusterClient,
): Promise<Server & { port: number }> {
  const importer = createWorkerImportQueue({ url: config.databaseUrl, postgres: config.postgres });
  const slowQueryRunner = createSlowQueryRunner(config);
  const app = await buildApp({ store, config, importer, slowQueryRunner, ...(cluster && { cluster }) });
  const address = await app.listen({ host: config.host, port: config.port });
  return {
    address,
    port: (app.server.address() as AddressInfo).port,
    log: app.log,
    async close() {
      // No new connections; what is in flight is answered first, but for imports that wait for their turn.
      await Promise.all([app.close(), importer.close()]);
      await slowQueryRunner.close();
      await store.close();
    },
  };
}
