import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createStoreUrl, createTemporaryFolder } from '../support/app.ts';
import { runCli, startProcess, waitUntilListening } from '../support/process.ts';

const CLI_PATH = resolve('src/cli/main.ts');

describe('serve', () => {
  it('serves the store in any directory, on the given port and host', async () => {
    const environment = { DATABASE_URL: createStoreUrl(), PORT: '1', HOST: '203.0.113.1' };
    await runCli(['import', 'db/dossiers'], environment);
    const options = ['--port', '0', '--host', '127.0.0.1', '--json'];
    const server = await waitUntilListening(
      startProcess([CLI_PATH, 'serve', ...options], environment, { cwd: createTemporaryFolder() }),
    );
    const response = await fetch(`${server.url}/v1/documents?count=true`);
    expect(await response.json()).toMatchObject({ meta: { revision: 1, total: 1 } });
    server.child.kill('SIGTERM');
    const { code, stdout, stderr } = await server.result;
    expect([code, JSON.parse(stdout), stderr]).toEqual([0, { url: server.url }, '']);
  });

  it.each(['1', '2'])('starts in an empty directory, with WORKERS=%s', async (WORKERS) => {
    const cwd = createTemporaryFolder();
    const environment = { DATABASE_URL: '', WORKERS };
    const server = await waitUntilListening(
      startProcess([CLI_PATH, 'serve', '--port', '0'], environment, { cwd }),
    );
    expect((await fetch(`${server.url}/readyz`)).status).toBeLessThan(500);
    expect(server.output.stdout.trim().split('\n')).toHaveLength(1);
    server.child.kill('SIGINT');
    expect((await server.result).code).toBe(0);
  });
});
