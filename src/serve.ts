/** Serves the store, until a signal ends it. */
import { existsSync } from 'node:fs';
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import type { Config } from './config.ts';
import { importerInThread } from './imports/importer.ts';
import { scansOf } from './scans/index.ts';
import { DOSSIERS_FOLDER, seed } from './seed.ts';
import { openStore } from './store/open.ts';

const SHUTDOWN_TIMEOUT_MS = 20_000;

/** Imports what is new in `db/dossiers`, if that is there, and listens; it returns where readers find the server. */
export async function serve(config: Config): Promise<string> {
  const store = await openStore(config.databaseUrl, config.postgres);
  const { different } = existsSync(DOSSIERS_FOLDER) ? await seed(store, DOSSIERS_FOLDER) : { different: [] };
  const importer = importerInThread({ url: config.databaseUrl, postgres: config.postgres });
  const scans = scansOf(config);
  const app = await buildApp({ store, config, importer, scans });
  for (const folder of different) {
    app.log.warn(
      `${folder} differs from the store; to import it: npx summit-facts import --note '...' ${folder}`,
    );
  }
  const address = await app.listen({ host: config.host, port: config.port });
  closeWithGrace({ delay: SHUTDOWN_TIMEOUT_MS, logger: app.log }, async () => {
    // No new connections; what is in flight is answered first, but for imports that wait for their turn.
    await Promise.all([app.close(), importer.close()]);
    await scans.close();
    await store.close();
  });
  return config.publicUrl ?? address;
}

/** The one line that a start prints. */
export const greeting = (url: string): string =>
  `Summit Facts is at ${url} - try ${url}/v1/events?participant=volodymyr-zelensky`;
