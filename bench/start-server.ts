/** Our own server, as it starts by default but for the rate limit. */
import { type ServerProcess, spawnServer } from './spawn-server.ts';

/** The first start on a large store may have to bring it up to date. */
const FIRST_START_TIMEOUT_MS = 600_000;

/** Starts it on the SQLite store at `path`, on any free port; `under` is a command that it is started by. */
export const startServer = (path: string, commandPrefix: string[] = []): Promise<ServerProcess> =>
  spawnServer([process.execPath, 'src/main.ts'], {
    name: 'the server',
    commandPrefix,
    timeoutMs: FIRST_START_TIMEOUT_MS,
    environment: { DATABASE_URL: `file:${path}`, PORT: '0', RATE_LIMIT_PER_MINUTE: '0' },
  });
