import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createStoreUrl, createTemporaryFolder } from './support/app.ts';
import { runCli, type ServerProcess, startProcess, waitUntilListening } from './support/process.ts';

/** Loader hook that prints the URL of every loaded module to stderr. */
const LOADER_HOOK_URL = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });
`)}`;

/** Modules that only some requests, imports or the generation of documents need. */
const LAZY_MODULES = [
  'ajv/',
  '@fastify/swagger/',
  'fast-json-stringify-compiler/',
  'jsonc-parser/',
  'src/dossier/validate.ts',
  'src/dossier/schema.ts',
  'src/openapi/document.ts',
  'src/store/import/plan/',
  'migrations/',
  'world-countries/',
];

describe('a start', () => {
  const environment = { DATABASE_URL: createStoreUrl(), PORT: '0' };

  beforeAll(async () => {
    await runCli(['import', 'db/dossiers'], environment);
  });

  it('loads nothing that only some requests need', async () => {
    const server = await waitUntilListening(
      startProcess(['--import', LOADER_HOOK_URL, 'bin/start.js'], environment),
    );
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const loaded = (await stopAndReadStderr(server)).trim().split('\n');
    expect(loaded.filter((url) => url.includes('src/api/')).length).toBeGreaterThan(10);
    expect(loaded.filter((url) => LAZY_MODULES.some((part) => url.includes(part)))).toEqual([]);
  });

  it('writes the compile cache before it ends', async () => {
    const folder = join(createTemporaryFolder(), 'compiled');
    const server = await waitUntilListening(
      startProcess(['bin/start.js'], { ...environment, NODE_COMPILE_CACHE: folder }),
    );
    // The cache is written after the startup message, and before the first response.
    await fetch(`${server.url}/readyz`);
    const tempFiles = readdirSync(folder, { recursive: true });
    expect(tempFiles.length).toBeGreaterThan(100);
    expect(await stopAndReadStderr(server)).toBe('');
  });

  it('works without a writable compile cache', async () => {
    const server = await waitUntilListening(
      startProcess(['bin/start.js'], {
        ...environment,
        NODE_COMPILE_CACHE: join('package.json', 'compiled'),
      }),
    );
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await stopAndReadStderr(server)).toBe('');
  });
});

/** Stops the server, and returns its output on stderr. */
async function stopAndReadStderr({ child, result }: ServerProcess): Promise<string> {
  child.kill('SIGTERM');
  return (await result).stderr;
}
