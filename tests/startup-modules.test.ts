import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createStoreUrl, createTemporaryFolder } from './support/app.ts';
import { runCli, type ServerProcess, startProcess, waitUntilListening } from './support/process.ts';

/** Tells on stderr of everything that is loaded. */
const LOADER_HOOK_URL = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });
`)}`;

/** What only some requests need, imports, or the makers of documents. */
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

  it('keeps what it has compiled before it ends', async () => {
    const folder = join(createTemporaryFolder(), 'compiled');
    const server = await waitUntilListening(
      startProcess(['bin/start.js'], { ...environment, NODE_COMPILE_CACHE: folder }),
    );
    // It is written after the greeting, and before anything is answered.
    await fetch(`${server.url}/readyz`);
    const tempFiles = readdirSync(folder, { recursive: true });
    expect(tempFiles.length).toBeGreaterThan(100);
    expect(await stopAndReadStderr(server)).toBe('');
  });

  it('does without where nothing can be kept', async () => {
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

/** What the server has written on stderr when it has ended. */
async function stopAndReadStderr({ child, result }: ServerProcess): Promise<string> {
  child.kill('SIGTERM');
  return (await result).stderr;
}
