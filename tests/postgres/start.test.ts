/** Start on PostgreSQL: error messages in one line, authentication, privileges and TLS. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { query } from '../../src/store/database.ts';
import { openStore } from '../../src/store/open.ts';
import {
  closeAfterTests,
  createStore,
  createStoreUrl,
  createTemporaryFolder,
  runAsSuperuser,
} from '../support/app.ts';
import { findFreePort } from '../support/free-port.ts';
import { runCli, startProcess, startServerProcess } from '../support/process.ts';

/** Replaces parts of `url`. */
function replaceParts(
  url: string,
  parts: Partial<Pick<URL, 'username' | 'password' | 'port' | 'hostname' | 'pathname'>>,
) {
  return Object.assign(new URL(url), parts).href;
}

const PASSWORD = 'right-and-secret';
beforeAll(async () => {
  await runAsSuperuser(async (query) => {
    await query(`create role guarded login password '${PASSWORD}'`);
    await query('create role stranger login');
    await query("create database latin encoding 'LATIN1' locale_provider libc locale 'C' template template0");
  });
});

/** Returns the error that `npm start` prints before it exits. */
async function readStartupError(url: string): Promise<string> {
  const { code, stdout, stderr } = await startProcess(['src/main.ts'], { DATABASE_URL: url, PORT: '0' })
    .result;
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toContain('secret');
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
  return stderr;
}

describe('a start that cannot open its database names the reason', () => {
  it('a wrong password', async () => {
    const url = replaceParts(createStoreUrl(), { username: 'guarded', password: 'wrong-and-secret' });
    const errorText = await readStartupError(url);
    expect(errorText).toContain(
      `The database at ${url.replace('wrong-and-secret', '***')} cannot be opened: `,
    );
    expect(errorText).toContain('password authentication failed for user "guarded"');
  });

  it('a missing password', async () => {
    expect(await readStartupError(replaceParts(createStoreUrl(), { username: 'guarded' }))).toContain(
      'the server requires a password',
    );
  });

  it('a server that is down', async () => {
    const port = String(await findFreePort());
    expect(await readStartupError(replaceParts(createStoreUrl(), { port }))).toContain(
      'no server listens at this address',
    );
  });

  it('a server that is not PostgreSQL', async () => {
    const server = createServer((socket) =>
      socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as { port: number };
    expect(await readStartupError(replaceParts(createStoreUrl(), { port: String(port) }))).toMatch(
      /cannot be opened: \S/,
    );
    server.close();
  });

  it('a host that does not exist', async () => {
    expect(await readStartupError(replaceParts(createStoreUrl(), { hostname: 'nowhere.invalid' }))).toMatch(
      /the host does not exist|cannot be resolved/,
    );
  });

  it('a database that does not exist', async () => {
    expect(await readStartupError(replaceParts(createStoreUrl(), { pathname: '/atlantis' }))).toContain(
      'the database does not exist',
    );
  });

  it('a database in another encoding', async () => {
    expect(await readStartupError(replaceParts(createStoreUrl(), { pathname: '/latin' }))).toContain(
      'the encoding of the database is LATIN1: it must be UTF8',
    );
  });

  it('a user who may not create the missing tables', async () => {
    expect(await readStartupError(replaceParts(createStoreUrl(), { username: 'stranger' }))).toContain(
      'the user lacks a required privilege (permission denied for database',
    );
  });

  it('a store of an earlier version that the user may not upgrade', async () => {
    const url = createStoreUrl();
    const schema = new URL(url).searchParams.get('schema');
    const store = await openStore(url);
    await store.write((db) => sql`delete from migration where name = '0003-keys'`.execute(db));
    await store.close();
    await runAsSuperuser((query) => query(`grant usage on schema ${schema} to stranger`));
    await runAsSuperuser((query) =>
      query(`grant select, insert on all tables in schema ${schema} to stranger`),
    );
    const errorText = await readStartupError(replaceParts(url, { username: 'stranger' }));
    expect(errorText).toContain('migrations are pending (0003-keys), and this user may not apply them: ');
  });

  it.each([
    ['postgres://user:secret@host', 'postgres://user:***@host', 'must name the database'],
    ['postgres://user:secret@host:port/db', '***', 'is not a valid URL'],
    [
      'postgres://u:secret@h/db?sslmode=sometimes',
      'postgres://u:***@h/db?sslmode=sometimes',
      'sslmode must be one of disable,',
    ],
    [
      'postgres://u:secret@h/db?schema=A-b',
      'postgres://u:***@h/db?schema=A-b',
      'lowercase letters, digits and _',
    ],
    [
      'postgres://h/db?user=u&password=secret&pgbouncer=secret',
      'postgres://h/db?user=***&password=***&pgbouncer=***',
      'allowed are schema, host',
    ],
    ['postgres://h/db?sslmode=verify-ca', 'postgres://h/db?sslmode=verify-ca', 'needs sslrootcert'],
    ['postgres://h/db?sslrootcert=a', 'postgres://h/db?sslrootcert=a', 'needs an sslmode: one of require,'],
    ['postgres:u:secret@h/db', '***', 'must be file: and a path'],
    ['postgresql+psycopg2://u:secret@h/db', '***', 'must be file: and a path'],
    ['jdbc:postgresql://u:secret@h/db', '***', 'must be file: and a path'],
    ['"postgres://u:secret@h/db"', '***', 'must be file: and a path'],
  ])('%s', async (url, shownUrl, reason) => {
    const errorText = await readStartupError(url);
    expect(errorText).toContain(`DATABASE_URL=${JSON.stringify(shownUrl)}: `);
    expect(errorText).toContain(reason);
  });

  it('a certificate that does not exist', async () => {
    expect(
      await readStartupError(`${createStoreUrl()}&sslmode=verify-full&sslrootcert=/nowhere.crt`),
    ).toContain('/nowhere.crt');
  });
});

describe('a start', () => {
  it('accepts the right password', async () => {
    const url = replaceParts(createStoreUrl(), { username: 'guarded', password: PASSWORD });
    await runAsSuperuser((query) => query('grant create on database summit_facts to guarded'));
    const { code, stdout } = await runCli(['migrate'], { DATABASE_URL: url });
    expect([code, stdout]).toEqual([0, `${url.replace(PASSWORD, '***')} is up to date\n`]);
  });

  it('needs only read privileges if nothing is pending', async () => {
    const url = createStoreUrl();
    const schema = new URL(url).searchParams.get('schema');
    const asStranger = replaceParts(url, { username: 'stranger' });
    await (await openStore(url)).close();
    await runAsSuperuser(async (query) => {
      await query(`grant usage on schema ${schema} to stranger`);
      await query(`grant select on all tables in schema ${schema} to stranger`);
    });
    expect(await readStartupError(asStranger)).toContain(
      'is not in the database, and the database user may not write',
    );
    await runCli(['import', 'db/dossiers'], { DATABASE_URL: url });
    const server = await startServerProcess({ DATABASE_URL: asStranger });
    expect((await fetch(`${server.url}/v1/events`)).status).toBe(200);
    server.child.kill('SIGTERM');
    expect((await server.result).code).toBe(0);
    const store = closeAfterTests(await openStore(asStranger));
    const writing = store.write((db) => db.deleteFrom('revision').execute());
    await expect(writing).rejects.toThrow('permission denied');
  });
});

describe('parameters of the URL', () => {
  it('reach the server', async () => {
    const store = closeAfterTests(
      await openStore(`${createStoreUrl()}&options=-c%20work_mem%3D8MB&fallback_application_name=facts`),
    );
    const [settings] = await store.read((db) =>
      query(
        db,
        sql`select current_setting('work_mem') as memory, current_setting('application_name') as name`,
      ),
    );
    expect(settings).toEqual({ memory: '8MB', name: 'facts' });
  });

  it('are logged if they have no effect', async () => {
    const server = await startServerProcess({ DATABASE_URL: `${createStoreUrl()}&keepalives=1` });
    server.child.kill('SIGTERM');
    const { code, stdout } = await server.result;
    expect([code, stdout]).toEqual([0, expect.stringContaining('DATABASE_URL: keepalives=1 has no effect')]);
  });
});

describe('TLS, by the URL', () => {
  const isEncrypted = async (parameters: string, hostname = '127.0.0.1') => {
    const store = closeAfterTests(
      await openStore(replaceParts(`${createStoreUrl()}${parameters}`, { hostname })),
    );
    const [connection] = await store.read((db) =>
      query(db, sql<{ ssl: boolean }>`select ssl from pg_stat_ssl where pid = pg_backend_pid()`),
    );
    return connection?.ssl;
  };
  const certificate = inject('postgresCertificate');
  const other = join(createTemporaryFolder(), 'other.crt');

  it.each([
    ['', false],
    ['&sslmode=disable', false],
    ['&sslmode=require', true],
    ['&sslmode=prefer', true],
    ['&sslmode=allow&channel_binding=prefer', true],
    ['&sslmode=require&options=-c%20work_mem%3D8MB&connect_timeout=10&target_session_attrs=any', true],
    [`&sslmode=verify-ca&sslrootcert=${certificate}`, true],
  ])('%s', async (parameters, expected) => {
    expect(await isEncrypted(parameters)).toBe(expected);
  });

  it('is optional with prefer, and not with require', async () => {
    // The server offers no TLS on its socket.
    const host = dirname(certificate);
    expect(await isEncrypted(`&host=${host}&sslmode=prefer`)).toBe(false);
    await expect(isEncrypted(`&host=${host}&sslmode=require`)).rejects.toThrow('does not support SSL');
  });

  it('verifies the host name with verify-full', async () => {
    const parameters = `&sslmode=verify-full&sslrootcert=${certificate}`;
    expect(await isEncrypted(parameters, 'localhost')).toBe(true);
    await expect(isEncrypted(parameters, '127.0.0.1')).rejects.toThrow(/does not match certificate/);
  });

  it('rejects a certificate without a trusted issuer', async () => {
    await expect(isEncrypted('&sslmode=verify-full', 'localhost')).rejects.toThrow(/self-signed certificate/);
    writeFileSync(other, 'no certificate');
    await expect(isEncrypted(`&sslmode=verify-full&sslrootcert=${other}`, 'localhost')).rejects.toThrow(
      /cannot be opened: \S/,
    );
  });
});

it('separates the stores in one database by schema', async () => {
  const [one, other] = [await createStore(), await createStore()];
  await one.write((db) =>
    db.insertInto('revision').values({ n: 1, recorded_at: '', author: '', note: '' }).execute(),
  );
  expect(await other.read((db) => db.selectFrom('revision').selectAll().execute())).toEqual([]);
});
