/** Server and commands on a database that they may only read: READ_ONLY=1. */
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../src/store/open.ts';
import { createTemporaryFolder, type Json } from './support/app.ts';
import { onTestFileEnd } from './support/cleanup.ts';
import { createWriteKey } from './support/dossier-client.ts';
import {
  type ServerProcess,
  startAsOrdinaryUser,
  startServerProcess,
  waitUntilListening,
} from './support/process.ts';
import { runCommand } from './support/run-command.ts';

const BRUSSELS = 'db/dossiers/brussels-2022-03-24';

/** Creates a database with a dossier and a key. */
async function createDatabase(): Promise<{ path: string; key: string }> {
  const folder = createTemporaryFolder();
  const path = join(folder, 'facts.sqlite');
  await runCommand(['import', BRUSSELS], { DATABASE_URL: `file:${path}` });
  const store = await openStore(`file:${path}`);
  const key = await createWriteKey(store);
  await store.close();
  return { path, key };
}

/** Makes the file and its folder unwritable for the user of `startAsOrdinaryUser`. */
function makeUnwritable(path: string): void {
  chmodSync(path, 0o444);
  chmodSync(dirname(path), 0o555);
  onTestFileEnd(() => chmodSync(dirname(path), 0o755));
}

const startUnprivileged = (args: string[], path: string, environment: Record<string, string> = {}) =>
  startAsOrdinaryUser(args, { DATABASE_URL: `file:${path}`, PORT: '0', ...environment });

const startReadOnly = (path: string, environment: Record<string, string> = {}) =>
  waitUntilListening(startUnprivileged(['src/main.ts'], path, { READ_ONLY: '1', ...environment }));

async function stop({ child, result }: ServerProcess): Promise<void> {
  child.kill('SIGTERM');
  expect((await result).code).toBe(0);
}

const URLS = [
  '/v1/events?limit=3&count=true',
  '/v1/events?participant=volodymyr-zelensky&sort=-startDate',
  '/v1/search?q=summit',
  '/v1/statements/facets?by=mode,speaker',
  '/v1/changes?limit=3',
  '/v1/documents/brussels-2022-03-24/facts?start=0&end=300',
  '/v1/events.csv',
  '/v1/statements.ndjson',
  '/v1/dossiers/brussels-2022-03-24/nothing',
];

describe('a database that cannot be written', () => {
  let path: string;
  let key: string;
  let expected: string[];

  beforeAll(async () => {
    ({ path, key } = await createDatabase());
    const writable = join(createTemporaryFolder(), 'copy.sqlite');
    copyFileSync(path, writable);
    const server = await startServerProcess({ DATABASE_URL: `file:${writable}` });
    expected = await readAll(server);
    await stop(server);
    makeUnwritable(path);
  });

  const readAll = ({ url }: ServerProcess) =>
    Promise.all(
      URLS.map(async (each) => {
        const response = await fetch(url + each);
        const text = (await response.text()).replaceAll(url, '').replace(/"requestId":"[^"]*"/, '');
        return `${each} ${response.status} ${createHash('sha256').update(text).digest('hex')}`;
      }),
    );

  it.each(['1', '2'])('is served with READ_ONLY=1 and WORKERS=%s, like a writable one', async (WORKERS) => {
    const server = await startReadOnly(path, { WORKERS });
    const getText = async (each: string) => (await fetch(server.url + each)).text();
    expect(JSON.parse(await getText('/readyz'))).toEqual({ status: 'ready', revision: 1, readOnly: true });
    expect(JSON.parse(await getText('/healthz'))).toEqual({ status: 'ok', readOnly: true });
    expect(await getText('/metrics')).toMatch(/^store_read_only 1$/m);
    expect(await readAll(server)).toEqual(expected);
    for (const each of ['/', '/documents/brussels-2022-03-24', '/explore?collection=events']) {
      expect((await fetch(server.url + each)).status).toBe(200);
    }
    for (const each of ['summit-facts.sqlite', 'summit-facts.ndjson.gz']) {
      const response = await fetch(`${server.url}/v1/exports/${each}`);
      expect([response.status, (await response.arrayBuffer()).byteLength > 1_000]).toEqual([200, true]);
    }
    await stop(server);
    expect(readdirSync(dirname(path))).toEqual(['facts.sqlite']);
  });

  it('accepts checks, and refuses writes with a 403 that says why', async () => {
    const server = await startReadOnly(path);
    const send = async (method: string, url: string, authorization: string | null = `Bearer ${key}`) => {
      const body = method === 'DELETE' ? {} : { body: readFileSync(join(BRUSSELS, 'facts.yaml')) };
      const headers = { 'content-type': 'application/yaml', ...(authorization && { authorization }) };
      const response = await fetch(server.url + url, { method, headers, ...body });
      return { status: response.status, body: (await response.json()) as Json };
    };
    const dossier = '/v1/dossiers/brussels-2022-03-24';
    for (const authorization of [`Bearer ${key}`, null]) {
      for (const [method, url] of [
        ['PUT', dossier],
        ['PUT', '/v1/dossiers/new'],
        ['DELETE', `${dossier}?reason=no`],
      ] as const) {
        expect(await send(method, url, authorization)).toMatchObject({
          status: 403,
          body: { code: 'read-only', title: 'Forbidden', detail: expect.stringContaining('READ_ONLY=1') },
        });
      }
    }
    expect(await send('POST', `${dossier}/check`)).toMatchObject({ status: 200, body: { problems: [] } });
    expect(await send('POST', `${dossier}/check`, null)).toMatchObject({ status: 401 });
    await stop(server);
  });

  it('does not start without READ_ONLY=1, and the error names it', async () => {
    const { code, stdout, stderr } = await startUnprivileged(['src/main.ts'], path).result;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/cannot be written \(permission denied\); set READ_ONLY=1 to serve it as it is/);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it.each(['', '1'])('is read by commands with READ_ONLY=%s', async (READ_ONLY) => {
    const backup = join(createTemporaryFolder(), 'backup.sqlite');
    chmodSync(dirname(backup), 0o777);
    const run = (...args: string[]) =>
      startUnprivileged(['src/cli/main.ts', ...args], path, { READ_ONLY }).result;
    const [keys, check, copy] = await Promise.all([
      run('keys', 'list'),
      run('check', '--store', BRUSSELS),
      run('backup', backup),
    ]);
    expect(keys.stdout).toContain('a newsroom, scope write');
    expect(check.stdout).toContain('the database already has this dossier');
    expect(copy.code).toBe(0);
    expect(readFileSync(backup).equals(readFileSync(path))).toBe(true);
  });

  it('is served without a temporary folder too, except as an archive', async () => {
    const server = await startReadOnly(path, { TMPDIR: '/nonexistent' });
    expect((await fetch(`${server.url}/v1/events?sort=-startDate&q=summit`)).status).toBe(200);
    const response = await fetch(`${server.url}/v1/exports/summit-facts.sqlite`);
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { code: 'not-ready', detail: expect.stringContaining('/nonexistent cannot be written (ENOENT)') },
    ]);
    await stop(server);
  });

  it('makes readiness fail if it is changed nevertheless', async () => {
    const changed = join(createTemporaryFolder(), 'facts.sqlite');
    copyFileSync(path, changed);
    makeUnwritable(changed);
    chmodSync(dirname(dirname(changed)), 0o1777);
    const server = await startReadOnly(changed, { LOG_LEVEL: 'silent' });
    expect((await fetch(`${server.url}/v1/events`)).status).toBe(200);
    utimesSync(changed, new Date(), new Date());
    // Cached responses are revalidated after a moment.
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const each of ['/readyz', '/v1/events', '/v1/people']) {
      expect((await fetch(server.url + each)).status).toBe(503);
    }
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    await stop(server);
  });
});

describe('a log of changes next to a database that cannot be written', () => {
  it('is read while another process writes', async () => {
    const { path } = await createDatabase();
    const writer = await openStore(`file:${path}`);
    makeUnwritable(path);
    const server = await startReadOnly(path);
    const getRevision = async () => ((await (await fetch(`${server.url}/readyz`)).json()) as Json).revision;
    expect(await getRevision()).toBe(1);
    await writer.write((db) =>
      db.insertInto('revision').values({ n: 2, recorded_at: '', author: '', note: '' }).execute(),
    );
    expect(await getRevision()).toBe(2);
    await stop(server);
    await writer.close();
  });

  it('is reported if it cannot be read', async () => {
    const { path } = await createDatabase();
    const writer = await openStore(`file:${path}`);
    await writer.write((db) =>
      db.insertInto('revision').values({ n: 2, recorded_at: '', author: '', note: '' }).execute(),
    );
    // A copy of a database in use, without its shared memory.
    const copy = join(createTemporaryFolder(), 'facts.sqlite');
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    await writer.close();
    makeUnwritable(copy);
    const { code, stderr } = await startUnprivileged(['src/main.ts'], copy, { READ_ONLY: '1' }).result;
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('-wal has changes that are not in the file yet'),
    ]);
  });
});

describe('READ_ONLY=1', () => {
  const startIn = (path: string) =>
    runCommand(['serve', '--port', '0'], { DATABASE_URL: `file:${path}`, READ_ONLY: '1' });

  it('creates no database and no folder', async () => {
    const path = join(createTemporaryFolder(), 'new', 'facts.sqlite');
    const { code, stderr } = await startIn(path);
    expect([code, stderr]).toEqual([3, expect.stringContaining('there is no database; create it with')]);
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('refuses a folder', async () => {
    const { code, stderr } = await startIn(createTemporaryFolder());
    expect([code, stderr]).toEqual([3, expect.stringContaining('it is a folder; name a file')]);
  });

  it.each<[string, (database: BetterSqlite3.Database) => void, RegExp]>([
    [
      'older',
      (database) => database.exec("delete from migration where name = '0004-lists'"),
      /migrations are pending \(0004-lists\): run "summit-facts migrate" where the database can be written/,
    ],
    [
      'newer',
      (database) => database.exec("insert into migration values ('9999-later', '')"),
      /newer version .* does not know: 9999-later; use that version or a later one/,
    ],
    [
      'indexed with other synonyms',
      (database) => database.exec("update setting set value = 'other'"),
      /search index was built by another version .* run "summit-facts migrate" without READ_ONLY/,
    ],
  ])('refuses a database that is %s, and leaves it as it is', async (_, change, message) => {
    const { path } = await createDatabase();
    const database = new BetterSqlite3(path);
    change(database);
    database.close();
    const before = readFileSync(path);
    const { code, stderr } = await startIn(path);
    expect([code, stderr]).toEqual([3, expect.stringMatching(message)]);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it.each([
    [['import', BRUSSELS]],
    [['migrate']],
    [['reindex']],
    [['redact', 'brussels-2022-03-24', '--reason', 'no', '--yes']],
    [['keys', 'create', '--name', 'a', '--scope', 'write', '--expires', 'never']],
    [['keys', 'revoke', 'a']],
  ])('makes %j refuse', async (args) => {
    const { path } = await createDatabase();
    const { code, stdout, stderr } = await runCommand(args, { DATABASE_URL: `file:${path}`, READ_ONLY: '1' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe('READ_ONLY=1: this command writes to the database; unset READ_ONLY to run it\n');
  });

  it.each([
    ['yes', /READ_ONLY="yes": must be 1 or 0/],
    ['2', /READ_ONLY="2": must be 1 or 0/],
  ])('%s is invalid', async (READ_ONLY, message) => {
    expect(await runCommand(['keys', 'list'], { READ_ONLY })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(message),
    });
  });
});
