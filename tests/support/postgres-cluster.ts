/** PostgreSQL cluster for one test run, on a free local port and removed at the end. */
import {
  type ChildProcess,
  type ExecFileSyncOptions,
  execFileSync,
  type StdioOptions,
  spawn,
} from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from './free-port.ts';

export interface PostgresServer {
  /** URL with the superuser, who needs no password from this machine. */
  url: string;
  /** Path of the self-signed TLS certificate for localhost. */
  certificate: string;
  /** Stops the server immediately, without waiting for running transactions. */
  stopImmediately(): Promise<void>;
  start(): Promise<void>;
  /** Stops the server and removes its data. */
  remove(): Promise<void>;
}

const DATABASE_NAME = 'summit_facts';
const STARTUP_TIMEOUT_MS = 30_000;

/** Access rules: local connections only, without a password except for the user `guarded`. */
const PG_HBA = `local all all trust
host all guarded 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
host all all ::1/128 trust
`;

export interface PostgresOptions {
  /** True to fsync commits, for realistic measurements; slower. */
  durable?: boolean;
}

export async function startPostgres({ durable = false }: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = findBinaryFolder();
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-postgres-'));
  const spawnOptions = { cwd: folder, ...chownToPostgres(folder) };
  const port = await findFreePort();
  initializeDataDirectory(bin, folder, { port, fsync: durable ? 'on' : 'off' }, spawnOptions);

  let server: ChildProcess;
  const start = async () => {
    server = spawn(join(bin, 'postgres'), ['-D', 'data'], {
      ...spawnOptions,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await waitUntilReady(server, join(bin, 'pg_isready'), port);
  };
  const stopImmediately = async () => {
    const exited = once(server, 'exit');
    // Immediate shutdown, which loses running transactions, as the tests require.
    if (server.exitCode === null && server.kill('SIGQUIT')) await exited;
  };
  // The server must not outlive this process.
  process.once('exit', () => server.kill('SIGQUIT'));
  await start();
  execFileSync(
    join(bin, 'createdb'),
    ['-h', folder, '-p', String(port), '-U', 'postgres', DATABASE_NAME],
    spawnOptions,
  );
  return {
    url: `postgres://postgres@127.0.0.1:${port}/${DATABASE_NAME}`,
    certificate: join(folder, 'server.crt'),
    stopImmediately,
    start,
    async remove() {
      await stopImmediately();
      rmSync(folder, { recursive: true });
    },
  };
}

function initializeDataDirectory(
  bin: string,
  folder: string,
  serverSettings: { port: number; fsync: 'on' | 'off' },
  spawnOptions: ExecFileSyncOptions,
): void {
  const quietOptions = { ...spawnOptions, stdio: ['ignore', 'ignore', 'pipe'] satisfies StdioOptions };
  // Many servers sort by a language's collation by default, so no query may depend on the default collation.
  const localeOptions = ['--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US'];
  const initdb = ['-D', 'data', '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', ...localeOptions];
  execFileSync(join(bin, 'initdb'), initdb, quietOptions);
  const settings = {
    listen_addresses: '127.0.0.1',
    ...serverSettings,
    unix_socket_directories: folder,
    max_connections: '300',
    ssl: 'on',
    ssl_cert_file: join(folder, 'server.crt'),
    ssl_key_file: join(folder, 'server.key'),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`);
  appendFileSync(join(folder, 'data', 'postgresql.conf'), lines.join(''));
  writeFileSync(join(folder, 'data', 'pg_hba.conf'), PG_HBA);
  const certificateRequest = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  ];
  const certificateFiles = [
    '-keyout',
    'server.key',
    '-out',
    'server.crt',
    '-addext',
    'subjectAltName=DNS:localhost',
  ];
  execFileSync('openssl', [...certificateRequest, ...certificateFiles], quietOptions);
}

async function waitUntilReady(server: ChildProcess, isReady: string, port: number): Promise<void> {
  let log = '';
  server.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    log = (log + chunk).slice(-10_000);
  });
  const deadline = Date.now() + STARTUP_TIMEOUT_MS;
  for (;;) {
    try {
      execFileSync(isReady, ['-q', '-h', '127.0.0.1', '-p', String(port)]);
      return;
    } catch {
      if (server.exitCode !== null || Date.now() > deadline) throw new Error(`it does not start:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Returns Debian's folder of the oldest installed version, which supports the least, or the one in PATH. */
function findBinaryFolder(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(a) - Number(b)) : [];
  const oldest = versions
    .map((version) => join(root, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (oldest) return oldest;
  const pathFolder = process.env['PATH']?.split(':').find((folder) => existsSync(join(folder, 'initdb')));
  if (pathFolder) return pathFolder;
  throw new Error('There is no PostgreSQL server here; on Debian: apt-get install postgresql');
}

/** Gives `folder` to the user postgres if run by root, as PostgreSQL and PgBouncer refuse to run as root. */
export function chownToPostgres(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const getNumericId = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const owner = { uid: getNumericId('-u'), gid: getNumericId('-g') };
  chownSync(folder, owner.uid, owner.gid);
  return owner;
}
