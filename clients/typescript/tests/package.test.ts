/** Tests of the package as users install it: packed, compiled in strict mode, and run on Node 20 and 24. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/server.ts';

const exec = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const MAX_GZIPPED_BYTES = 6_000;
/** Oldest Node version that the package supports, as an npm package. */
const NODE_20 = `node-linux-${process.arch}@20.20.2`;

const { version, dependencies, devDependencies } = JSON.parse(
  readFileSync(join(PACKAGE, 'package.json'), 'utf8'),
);
const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
/** Examples of the README, each with the output below it. */
const examples = [...readme.matchAll(/```ts\n([^`]*(?:`[^`]+`[^`]*)*?)```\n\n```\n(.*?)```/gs)].map(
  ([, code = '', printed = ''], index) => ({ name: `example-${index + 1}`, code, printed }),
);

let folder: string;
let server: TestServer;

const npm = (...args: string[]) => exec('npm', args, { cwd: folder });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'summit-facts-package-'));
  server = await startServer();
  await exec('npm', ['pack', '--pack-destination', folder], { cwd: PACKAGE });
  const [tarball = ''] = readdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await npm(
    'install',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    join(folder, tarball),
    `typescript@${devDependencies.typescript}`,
    `@types/node@${devDependencies['@types/node']}`,
    ...(process.platform === 'linux' ? [NODE_20] : []),
  );
  mkdirSync(join(folder, 'src'));
  for (const { name, code } of examples) {
    writeFileSync(
      join(folder, 'src', `${name}.ts`),
      code.replaceAll('https://facts.example.org', server.url),
    );
  }
}, 300_000);
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

test('contains only the files and dependencies that it needs', () => {
  const installed = join(folder, 'node_modules/@summit-facts/client');
  expect(readdirSync(installed).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
  expect(
    readdirSync(join(folder, 'node_modules'))
      .filter((name) => name.startsWith('openapi'))
      .sort(),
  ).toEqual(['openapi-fetch', 'openapi-typescript-helpers']);
  expect(Object.keys(dependencies)).toEqual(['openapi-fetch']);
  expect(readdirSync(join(installed, 'dist')).filter((name) => name.startsWith('bundle'))).toHaveLength(2);
});

test('has the version of the API', () => {
  const root = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(version).toBe(root.version);
});

test(`has a bundle of less than ${MAX_GZIPPED_BYTES} bytes, minified and gzipped`, () => {
  const bundle = join(folder, 'node_modules/@summit-facts/client/dist/bundle.min.js');
  const bytes = gzipSync(readFileSync(bundle), { level: 9 }).length;
  process.stdout.write(`${basename(bundle)}: ${statSync(bundle).size} bytes, ${bytes} gzipped\n`);
  expect(bytes).toBeLessThan(MAX_GZIPPED_BYTES);
  // The bundle is complete: it imports nothing.
  expect(readFileSync(bundle, 'utf8')).not.toMatch(/\bimport\b/);
});

describe('the examples of the README', () => {
  test('are all found', () => {
    expect(examples).toHaveLength(readme.match(/^```ts$/gm)?.length ?? 0);
    expect(examples.length).toBeGreaterThan(4);
  });

  test.each([
    'nodenext',
    'bundler',
  ])('compile in strict mode with module resolution %s', async (resolution) => {
    const module = resolution === 'bundler' ? 'esnext' : resolution;
    const strict = [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--noUncheckedIndexedAccess',
      '--skipLibCheck',
      'false',
    ];
    const target = ['--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', '--types', 'node'];
    const args = [
      'tsc',
      ...strict,
      ...target,
      '--module',
      module,
      '--moduleResolution',
      resolution,
      '--outDir',
      'out',
    ];
    const files = examples.map(({ name }) => `src/${name}.ts`);
    await exec('npx', [...args, ...files], { cwd: folder }).catch((error) =>
      expect.unreachable(error.stdout),
    );
  }, 300_000);

  test('also run on the Node version of the tests, and so does the bundle', async () => {
    // The last one writes, which succeeds only once.
    for (const { name, printed } of examples.slice(0, -1)) {
      const { stdout } = await exec(process.execPath, [`out/${name}.js`], { cwd: folder });
      expect(stdout).toBe(printed);
    }
    const script =
      "import * as all from '@summit-facts/client/bundle'; console.log(Object.keys(all).sort().join())";
    const { stdout } = await exec(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
    expect(stdout.trim()).toBe('ProblemError,createClient,highlight,memoryCache,textFragment,unwrap');
  });

  for (const { name, printed } of examples) {
    // The Node 20 that the test installs is for Linux only.
    test.runIf(process.platform === 'linux')(`${name} prints the documented output on Node 20`, async () => {
      const node = join(folder, 'node_modules', NODE_20.split('@')[0] ?? '', 'bin/node');
      expect((await exec(node, ['--version'])).stdout).toMatch(/^v20\./);
      const env = { ...process.env, KEY: server.key };
      const { stdout } = await exec(node, [`out/${name}.js`], { cwd: folder, env });
      expect(stdout).toBe(printed);
    });
  }
});
