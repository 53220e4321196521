/** Listens; nothing else. */
import closeWithGrace from 'close-with-grace';
import { buildApp } from './app.ts';
import { importerInThread } from './authoring/importer.ts';
import { readConfig } from './config.ts';
import { DOSSIERS_FOLDER, seed } from './seed.ts';
import { openStore } from './store/open.ts';

const SHUTDOWN_TIMEOUT_MS = 20_000;

try {
  await serve();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // At once: a driver may still hold a socket to a server that waits for a password.
  process.exit(1);
}

async function serve(): Promise<void> {
  const config = readConfig(process.env);
  const store = await openStore(config.databaseUrl, config.postgres);
  const { different } = await seed(store, DOSSIERS_FOLDER);
  const importer = importerInThread({ url: config.databaseUrl, postgres: config.postgres });
  const app = await buildApp({ store, config, importer });
  for (const folder of different) {
    app.log.warn(`${folder} differs from the store; to import it: npm run summit-facts -- import ${folder}`);
  }
  const address = await app.listen({ host: config.host, port: config.port });
  closeWithGrace({ delay: SHUTDOWN_TIMEOUT_MS, logger: app.log }, async () => {
    // No new connections; what is in flight is answered first.
    await app.close();
    await importer.close();
    await store.close();
  });
  const url = config.publicUrl ?? address;
  process.stdout.write(`Summit Facts is at ${url} - try ${url}/v1/events?participant=volodymyr-zelensky\n`);
}
