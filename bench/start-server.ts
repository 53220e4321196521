/** Our own server, as it starts by default but for the rate limit. */
import { launch, type Running } from './spawn-server.ts';

/** The first start on a large store may have to bring it up to date. */
const FIRST_START_LIMIT_MS = 600_000;

/** Starts it on the SQLite store at `path`, on any free port; `under` is a command that it is started by. */
export const startServer = (path: string, under: string[] = []): Promise<Running> =>
  launch([process.execPath, 'src/main.ts'], {
    name: 'the server',
    under,
    limitMs: FIRST_START_LIMIT_MS,
    environment: { DATABASE_URL: `file:${path}`, PORT: '0', RATE_LIMIT_PER_MINUTE: '0' },
  });
