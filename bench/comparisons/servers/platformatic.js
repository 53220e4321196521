/** Platformatic DB in this process, without the runtime that would put it into a thread: `node platformatic.js rows.sqlite`. */
import { dirname } from 'node:path';
import { create } from '@platformatic/db';

const path = process.argv[2];
const config = {
  server: { port: 0, logger: { level: 'silent' } },
  db: {
    connectionString: `sqlite://${path}`,
    openapi: true,
    graphql: false,
    // Its cache only spares the same question while it is being answered, which one process on SQLite is never asked.
  },
  watch: false,
};
const app = await create(dirname(path), config, { isEntrypoint: true, isProduction: true });
// Not in the configuration: where it finds itself in a container, it takes all addresses, whatever that says.
app.config.server.hostname = '127.0.0.1';
process.stdout.write(`${await app.start({ listen: true })}\n`);
