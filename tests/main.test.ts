import { describe, expect, it } from 'vitest';
import { createStoreUrl } from './support/app.ts';
import { startProcess, startServerProcess } from './support/process.ts';

describe('npm start', () => {
  it('imports the dossiers, prints one line with a URL to try, and stops on SIGTERM', async () => {
    const server = await startServerProcess({ DATABASE_URL: createStoreUrl() });
    const line = server.output.stdout.trim();
    expect(line.split('\n')).toHaveLength(1);
    const exampleUrl = /http\S+\/v1\/\S+/.exec(line)?.[0] as string;
    const response = await fetch(exampleUrl);
    const { data } = (await response.json()) as { data: unknown[] };
    expect([response.status, data.length > 0]).toEqual([200, true]);
    server.child.kill('SIGTERM');
    expect((await server.result).code).toBe(0);
  });

  it('works for several servers that start simultaneously on one new database', async () => {
    const environment = { DATABASE_URL: createStoreUrl() };
    const servers = await Promise.all(Array.from({ length: 4 }, () => startServerProcess(environment)));
    for (const { url } of servers) {
      const response = await fetch(`${url}/v1/documents?count=true`);
      expect(await response.json()).toMatchObject({ meta: { revision: 1, total: 1 } });
    }
    for (const { child } of servers) child.kill('SIGTERM');
    const codes = await Promise.all(servers.map(async ({ result }) => (await result).code));
    expect(codes).toEqual([0, 0, 0, 0]);
  });

  it.each([
    [{ PORT: 'http' }, 'PORT="http": must be an integer between 0 and 65535'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL="mysql://x": must be file: and a path'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL="loud": must be one of fatal, error'],
    [{ WORKERS: '0' }, 'WORKERS="0": must be an integer between 1 and 64'],
    [{ WORKERS: '65' }, 'WORKERS="65": must be an integer between 1 and 64'],
    [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY="true": must be CIDR blocks'],
    [{ RATE_LIMIT_PER_MINUTE: '-1', PUBLIC_URL: 'x' }, 'PUBLIC_URL="x": must be an http or https URL'],
  ])('reports an invalid variable: %o', async (environment, message) => {
    const { code, stderr } = await startProcess(['src/main.ts'], environment).result;
    expect(code).toBe(1);
    for (const name of Object.keys(environment)) expect(stderr).toContain(`${name}=`);
    expect(stderr).toContain(message);
  });
});
