/** Serves the store, until a signal ends it. */
import { existsSync } from 'node:fs';
import closeWithGrace from 'close-with-grace';
import type { Config } from './config.ts';
import { DOSSIERS_FOLDER, seed } from './seed.ts';
import { createShutdownHandler, type Server, SHUTDOWN_TIMEOUT_MS, startServer } from './server.ts';
import { openStore, type Store } from './store/open.ts';

/** Imports what is new in `db/dossiers`, if that is there, and listens; it returns where readers find the server. */
export async function serve(config: Config): Promise<string> {
  const store = await openStore(config.databaseUrl, config.postgres);
  const { outdated } = existsSync(DOSSIERS_FOLDER) ? await seed(store, DOSSIERS_FOLDER) : { outdated: [] };
  const server = await (config.workers === 1 ? startServer(config, store) : startWorkers(config, store));
  for (const folder of outdated) {
    server.log.warn(
      `${folder} differs from the store; to import it: npx summit-facts import --note '...' ${folder}`,
    );
  }
  closeWithGrace({ delay: SHUTDOWN_TIMEOUT_MS, logger: server.log }, createShutdownHandler(server));
  return config.publicUrl ?? server.address;
}

/** Each opens the store for itself, and finds it up to date. */
async function startWorkers(config: Config, store: Store): Promise<Server> {
  await store.close();
  const { startCluster } = await import('./cluster/primary.ts');
  return startCluster(config);
}

/** The one line that a start prints. */
export const formatStartupMessage = (url: string): string =>
  `Summit Facts is at ${url} - try ${url}/v1/events?participant=volodymyr-zelensky`;
