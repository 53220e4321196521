/** Platformatic DB without its runtime, which uses a worker thread: `node platformatic.js rows.sqlite`. */
import { dirname } from 'node:path';
import { create } from '@platformatic/db';

const path = process.argv[2];
const config = {
  server: { port: 0, logger: { level: 'silent' } },
  db: {
    connectionString: `sqlite://${path}`,
    openapi: true,
    graphql: false,
    // No `cache`: it only merges equal concurrent queries, which do not occur in one process on SQLite.
  },
  watch: false,
};
const app = await create(dirname(path), config, { isEntrypoint: true, isProduction: true });
// Set here, because in a container Platformatic ignores the configuration and listens on all addresses.
app.config.server.hostname = '127.0.0.1';
process.stdout.write(`${await app.start({ listen: true })}\n`);
