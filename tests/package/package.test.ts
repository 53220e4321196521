/** The command line as people get it: from a checkout, and packed and installed elsewhere. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sqliteStoreUrl, temporaryFolder } from '../support/app.ts';
import { dossierOfEvents } from '../support/dossier-builder.ts';
import { put } from '../support/dossier-client.ts';
import { type Finished, listening, type Running, type RunOptions, run } from '../support/process.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const DOSSIERS = 'db/dossiers';

/** The path without what npm has put before it, so that the machine's own Node comes first. */
const machinePath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'));
const machineNode = machinePath.map((folder) => join(folder, 'node')).find((path) => existsSync(path));

function isOld(node: string | undefined): boolean {
  if (node === undefined) return false;
  const [major = 0, minor = 0] = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
    .split('.')
    .map(Number);
  return major < 22 || (major === 22 && minor < 18);
}

/** Only where the machine's own Node is one that the store's driver crashes on: elsewhere there is none to be got around. */
const onOldNode = it.skipIf(!isOld(machineNode));

const start = (
  command: string,
  args: string[],
  options: RunOptions,
  more: Record<string, string> = {},
): Running => run(args, { PATH: machinePath.join(delimiter), ...more }, { command, ...options });

async function succeed(finished: Promise<Finished>): Promise<string> {
  const { code, stdout, stderr } = await finished;
  if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}\n${stdout}`);
  return stdout;
}

describe('a checkout', () => {
  it('has the command line by npx', async () => {
    const cwd = process.cwd();
    expect(await succeed(start('npx', ['summit-facts', '--version'], { cwd }).finished)).toBe(`${version}\n`);
    const help = await succeed(start('npx', ['summit-facts', '--help'], { cwd }).finished);
    expect(help).toContain('generate');
  });
});

describe('the packed command line', () => {
  let folder: string;
  let launcher: string;
  beforeAll(async () => {
    const packed = temporaryFolder();
    await succeed(start('npm', ['pack', '--pack-destination', packed], {}).finished);
    const [tarball = ''] = readdirSync(packed);
    folder = join(temporaryFolder(), 'elsewhere');
    mkdirSync(folder);
    await succeed(start('npm', ['init', '-y'], { cwd: folder }).finished);
    const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    await succeed(start('npm', ['install', ...options, join(packed, tarball)], { cwd: folder }).finished);
    launcher = join(folder, 'node_modules/summit-facts/bin/summit-facts.js');
    cpSync(DOSSIERS, join(folder, 'dossiers'), { recursive: true });
  });

  const npx = (args: string[], environment: Record<string, string> = {}): Running =>
    start('npx', ['summit-facts', ...args], { cwd: folder }, environment);

  it('holds what runs, and neither tests nor dossiers', () => {
    const files = readdirSync(dirname(dirname(launcher)), { recursive: true, encoding: 'utf8' });
    expect(files).toContain('src/workers/import-worker.ts');
    expect(files.filter((path) => /test|bench|db\/dossiers/.test(path))).toEqual([]);
  });

  it('tells its version, and has no command that writes sources', async () => {
    expect(await succeed(npx(['--version']).finished)).toBe(`${version}\n`);
    expect(await succeed(npx(['--help']).finished)).not.toContain('generate');
  });

  it('checks, imports, tells what an import would do, exports and copies', async () => {
    const environment = { DATABASE_URL: sqliteStoreUrl() };
    const checked = await succeed(npx(['check', '--json', 'dossiers'], environment).finished);
    expect(JSON.parse(checked)).toMatchObject({ problems: [] });
    const imported = await succeed(npx(['import', 'dossiers'], environment).finished);
    expect(imported).toMatch(/revision 1, \d+ added/);
    const [told, exported, copied] = await Promise.all([
      succeed(npx(['check', '--store', 'dossiers'], environment).finished),
      succeed(npx(['export', 'out'], environment).finished),
      succeed(npx(['backup', 'copy.sqlite'], environment).finished),
    ]);
    expect(told).toContain('the store has just this');
    expect(exported).toContain('out/brussels-2022-03-24/facts.yaml');
    expect(copied).toContain('whole and sound');
  });

  it('serves facts, their reference and contract, and keeps exit codes', async () => {
    const environment = { DATABASE_URL: sqliteStoreUrl() };
    await succeed(npx(['import', 'dossiers'], environment).finished);
    const server = await listening(
      start(process.execPath, [launcher, 'serve', '--port', '0'], { cwd: folder }, environment),
    );
    const paths = [
      '/v1/countries',
      '/v1/exports/summit-facts.sqlite',
      '/openapi.yaml',
      '/openapi-3.0.yaml',
      '/openapi.json',
      '/openapi-3.0.json',
      '/schemas/dossier.json',
      '/docs',
      '/docs/assets/page.css',
      '/docs/assets/swagger-ui-bundle.js',
    ];
    const answers = await Promise.all(paths.map((path) => fetch(server.url + path)));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
    const made = npx(['keys', 'create', '--name', 'desk', '--scope', 'write', '--json'], environment);
    const { key } = JSON.parse(await succeed(made.finished)) as { key: string };
    const dossier = dossierOfEvents([{ id: 'a' }]);
    expect(await put(server.url, key, dossier)).toMatchObject({ action: 'created', revision: 2 });
    server.child.kill('SIGTERM');
    expect((await server.finished).code).toBe(0);
    expect((await npx(['import', 'dossiers', '--colour']).finished).code).toBe(2);
  });

  onOldNode('runs on the Node that came with it where the machine has an old one', async () => {
    const node = machineNode as string;
    const environment = { DATABASE_URL: sqliteStoreUrl() };
    await succeed(start(node, [launcher, 'import', 'dossiers'], { cwd: folder }, environment).finished);
    const server = await listening(
      start(node, [launcher, 'serve', '--port', '0'], { cwd: folder }, environment),
    );
    expect((await fetch(`${server.url}/v1/countries`)).status).toBe(200);
    // The signal goes to the launcher, which hands it on.
    server.child.kill('SIGTERM');
    expect((await server.finished).code).toBe(0);
    const missing = start(
      node,
      [launcher, 'check', '--store', 'dossiers'],
      { cwd: folder },
      {
        DATABASE_URL: sqliteStoreUrl(),
      },
    );
    expect((await missing.finished).code).toBe(3);
  });

  onOldNode('says what it needs where there is no other Node', async () => {
    const alone = join(temporaryFolder(), 'summit-facts');
    cpSync(dirname(dirname(launcher)), alone, { recursive: true });
    const { code, stderr } = await start(machineNode as string, [join(alone, 'bin/summit-facts.js')], {})
      .finished;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^summit-facts needs Node 22\.18 or later, best 24; this is Node \d+/),
    ]);
  });
});
