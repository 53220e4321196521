/** Start of this server with its default settings, except for the rate limit. */
import { type ServerProcess, spawnServer } from './spawn-server.ts';

/** The first start on a large store may have to migrate it. */
const FIRST_START_TIMEOUT_MS = 600_000;

/** Starts the server on the SQLite store at `path` and a free port; `commandPrefix` as for `spawnServer`. */
export const startServer = (path: string, commandPrefix: string[] = []): Promise<ServerProcess> =>
  spawnServer([process.execPath, 'src/main.ts'], {
    name: 'the server',
    commandPrefix,
    timeoutMs: FIRST_START_TIMEOUT_MS,
    environment: { DATABASE_URL: `file:${path}`, PORT: '0', RATE_LIMIT_PER_MINUTE: '0' },
  });
