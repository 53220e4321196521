/** Server of a PostgreSQL user who may only read. */
import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { closeAfterTests, createStoreUrl, createTemporaryFolder, runAsSuperuser } from '../support/app.ts';
import { createWriteKey } from '../support/dossier-client.ts';
import { runCli, startProcess, startServerProcess, waitUntilListening } from '../support/process.ts';

beforeAll(() => runAsSuperuser((query) => query('create role reader login')));

const asReader = (url: string): string => Object.assign(new URL(url), { username: 'reader' }).href;

describe('a user who may only read', () => {
  const createReadableStore = async (): Promise<string> => {
    const url = createStoreUrl();
    const schema = new URL(url).searchParams.get('schema');
    await runCli(['import', 'tests/fixtures/dossiers', 'db/dossiers'], { DATABASE_URL: url });
    await runAsSuperuser(async (query) => {
      await query(`grant usage on schema ${schema} to reader`);
      await query(`grant select on all tables in schema ${schema} to reader`);
    });
    return url;
  };

  it.each(['1', '2'])('serves the store with READ_ONLY=1 and WORKERS=%s', async (WORKERS) => {
    const url = await createReadableStore();
    const readerUrl = asReader(url);
    const server = await startServerProcess({ DATABASE_URL: readerUrl, READ_ONLY: '1', WORKERS });
    expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({ revision: 3, readOnly: true });
    expect((await fetch(`${server.url}/v1/events.csv`)).status).toBe(200);
    const response = await fetch(`${server.url}/v1/dossiers/brussels-2022-03-24`, { method: 'DELETE' });
    expect([response.status, await response.json()]).toMatchObject([403, { code: 'read-only' }]);
    server.child.kill('SIGTERM');
    expect((await server.result).code).toBe(0);
  });

  it('gets a 403 from writes without READ_ONLY=1 too, and reports new dossiers', async () => {
    const url = await createReadableStore();
    const key = await createWriteKey(closeAfterTests(await openStore(url)));
    const readerUrl = asReader(url);
    const cwd = createTemporaryFolder();
    cpSync('db/dossiers/brussels-2022-03-24', join(cwd, 'db/dossiers/a-new-one'), { recursive: true });
    const server = await waitUntilListening(
      startProcess([resolve('src/main.ts')], { DATABASE_URL: readerUrl, PORT: '0' }, { cwd }),
    );
    expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({
      rejectedDossiers: [{ folder: 'db/dossiers/a-new-one' }],
    });
    const response = await fetch(`${server.url}/v1/dossiers/brussels-2022-03-24?reason=no`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${key}`, 'if-match': '*' },
    });
    expect([response.status, await response.json()]).toMatchObject([403, { code: 'read-only' }]);
    server.child.kill('SIGTERM');
    expect((await server.result).code).toBe(0);
  });

  it('neither creates a schema nor migrates with READ_ONLY=1', async () => {
    const url = createStoreUrl();
    const { code, stderr } = await runCli(['serve'], { DATABASE_URL: url, READ_ONLY: '1' });
    expect([code, stderr]).toEqual([3, expect.stringContaining('there is no database; create it with')]);
    const schema = new URL(url).searchParams.get('schema');
    await runAsSuperuser(async (query) => {
      const { rows } = (await query(`select to_regnamespace('${schema}') as found`)) as { rows: object[] };
      expect(rows).toEqual([{ found: null }]);
    });
  });
});
