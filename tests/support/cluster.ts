/** A PostgreSQL cluster for one run of the tests: on a free port of this machine, gone when the run ends. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Cluster {
  /** Of its superuser, who needs no password from this machine. */
  url: string;
  port: number;
  folder: string;
  /** Whom its files belong to, where that is not the caller. */
  owner: { uid: number; gid: number } | null;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const DATABASE = 'summit_facts';

/** `settings` go into postgresql.conf. */
export async function startCluster(settings: Record<string, string> = {}): Promise<Cluster> {
  const bin = binaries();
  const owner = process.getuid?.() === 0 ? postgresUser() : null;
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-postgres-'));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const as = { cwd: folder, ...owner };
  // Sorted as a language sorts unless a column says otherwise: many servers are, and nothing here may depend on it.
  const order = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', ...order];
  execFileSync(join(bin, 'initdb'), initdb, { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: folder,
    max_connections: '300',
    // A cluster that is thrown away need not survive a power cut.
    fsync: 'off',
    full_page_writes: 'off',
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = '${value}'\n`);
  appendFileSync(join(data, 'postgresql.conf'), lines.join(''));

  let server: ChildProcess;
  const start = async () => {
    server = spawn(join(bin, 'postgres'), ['-D', data], { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
    let log = '';
    server.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      log = (log + chunk).slice(-10_000);
    });
    for (let tries = 0; ; tries += 1) {
      try {
        execFileSync(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]);
        return;
      } catch {
        if (server.exitCode !== null || tries > 300) throw new Error(`PostgreSQL does not start:\n${log}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  };
  const halt = async () => {
    const ended = once(server, 'exit');
    // "Immediate" of PostgreSQL's three ways to stop: what is in flight is lost, which is what a test wants to see.
    if (server.exitCode === null && server.kill('SIGQUIT')) await ended;
  };
  // Whatever ends this process must end the server too.
  process.once('exit', () => server.kill('SIGQUIT'));
  await start();
  const url = `postgres://postgres@127.0.0.1:${port}`;
  execFileSync(
    join(bin, 'createdb'),
    ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', DATABASE],
    as,
  );
  return {
    url: `${url}/${DATABASE}`,
    port,
    folder,
    owner,
    async restart() {
      await halt();
      await start();
    },
    async stop() {
      await halt();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Debian keeps the server's programs out of the path, in a folder for each major version. */
function binaries(): string {
  const root = '/usr/lib/postgresql';
  const version = existsSync(root) ? readdirSync(root).sort((a, b) => Number(a) - Number(b))[0] : undefined;
  const found = version && join(root, version, 'bin');
  if (found && existsSync(join(found, 'initdb'))) return found;
  const own = process.env['PATH']?.split(':').find((folder) => existsSync(join(folder, 'initdb')));
  if (own) return own;
  throw new Error('There is no PostgreSQL server here; on Debian: apt-get install postgresql-15');
}

/** PostgreSQL refuses to run as root. */
function postgresUser(): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
