import { describe, expect, it } from 'vitest';
import { createStoreUrl } from '../support/app.ts';
import { startServerProcess } from '../support/process.ts';
import { runCommand } from '../support/run-command.ts';

describe('keys', () => {
  it('are created, shown once, listed and revoked, and servers accept them until then', async () => {
    const environment = { DATABASE_URL: createStoreUrl() };
    const server = await startServerProcess(environment);
    const result = await runCommand(
      ['keys', 'create', '--name', 'news desk', '--scope', 'write', '--expires', '90d', '--json'],
      environment,
    );
    const { id, key, scopes, expiresAt } = JSON.parse(result.stdout);
    expect([result.code, scopes]).toEqual([0, ['write']]);
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(89 * 86_400_000);
    const put = (authorization: string) =>
      fetch(`${server.url}/v1/dossiers/riga/check`, {
        method: 'POST',
        headers: { authorization },
        body: '{}',
      });
    expect((await put(`Bearer ${key}`)).status).toBe(415);
    const listResult = await runCommand(['keys', 'list'], environment);
    expect(listResult.stdout).toContain(`${id}  news desk, scope write, expires ${expiresAt}`);
    expect(listResult.stdout).not.toContain(key.slice('sf_000000000000_'.length));
    expect((await runCommand(['keys', 'revoke', id], environment)).stdout).toContain(
      `${id} of news desk was revoked`,
    );
    expect((await put(`Bearer ${key}`)).status).toBe(401);
    expect(server.output.stdout + server.output.stderr).not.toContain(key);
    expect(await runCommand(['keys', 'revoke', 'missing'], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Key missing not found'),
    });
    server.child.kill('SIGTERM');
  });

  it.each([
    [['--scope', 'write'], '--name'],
    [['--name', 'x'], '--scope'],
    [['--name', 'x', '--scope', 'all'], 'Allowed choices are read, write'],
    [['--name', 'x', '--scope', 'read', '--expires', '2020-01-01'], 'It must be in the future'],
    [['--name', 'x', '--scope', 'read', '--expires', 'soon'], 'It must be a day'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCommand(['keys', 'create', ...args], {
      DATABASE_URL: createStoreUrl(),
    });
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
  });
});
