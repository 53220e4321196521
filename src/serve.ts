import { existsSync } from 'node:fs';
import closeWithGrace from 'close-with-grace';
import type { Config } from './config.ts';
import type { RejectedFolder } from './http/server-status.ts';
import { DOSSIERS_FOLDER, seed } from './seed.ts';
import { createShutdownHandler, type Server, SHUTDOWN_TIMEOUT_MS, startServer } from './server.ts';
import { openStore, type Store } from './store/open.ts';
import { listUrlWarnings } from './store/url.ts';

/** Imports new dossiers from `db/dossiers`, if it exists and the store can be written, and starts the server. Returns the public URL. */
export async function serve(config: Config): Promise<string> {
  const { databaseUrl, postgres, readOnly } = config;
  const store = await openStore(databaseUrl, { ...postgres, readOnly });
  const { outdated, rejected } =
    !readOnly && existsSync(DOSSIERS_FOLDER)
      ? await seed(store, DOSSIERS_FOLDER)
      : { outdated: [], rejected: [] };
  const server = await (config.workers === 1
    ? startServer(config, store, { rejectedFolders: rejected })
    : startWorkers(config, store, rejected));
  for (const warning of listUrlWarnings(databaseUrl)) server.log.warn(warning);
  for (const { folder, messages } of rejected) {
    server.log.error({ problems: messages }, `${folder} could not be imported: ${messages[0]}`);
  }
  for (const folder of outdated) {
    server.log.warn(
      `${folder} differs from the database; to import it, run: npx summit-facts import --note '...' ${folder}`,
    );
  }
  closeWithGrace({ delay: SHUTDOWN_TIMEOUT_MS, logger: server.log }, createShutdownHandler(server));
  return config.publicUrl ?? server.address;
}

/** Starts worker processes, which open the database themselves; it is migrated and seeded by now. */
async function startWorkers(
  config: Config,
  store: Store,
  rejectedFolders: RejectedFolder[],
): Promise<Server> {
  await store.close();
  const { startCluster } = await import('./cluster/primary.ts');
  return startCluster(config, rejectedFolders);
}

/** Line that the server prints when it is ready. */
export const formatStartupMessage = (url: string): string =>
  `Summit Facts is running at ${url} - try ${url}/v1/events?participant=volodymyr-zelensky`;
