/** Command line as users run it: from a checkout, and packed and installed elsewhere. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSqliteStoreUrl, createTemporaryFolder } from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';
import { putDossier } from '../support/dossier-client.ts';
import {
  type ProcessResult,
  type RunningProcess,
  type RunOptions,
  startProcess,
  waitUntilListening,
} from '../support/process.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const DOSSIERS = 'db/dossiers';

/** `PATH` without the folders that npm puts first, so that the machine's own Node is found. */
const machinePath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'));
const machineNode = machinePath.map((folder) => join(folder, 'node')).find((path) => existsSync(path));

function isOldNode(node: string | undefined): boolean {
  if (node === undefined) return false;
  const [major = 0, minor = 0] = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
    .split('.')
    .map(Number);
  return major < 22 || (major === 22 && minor < 18);
}

/** Runs a test only if the machine's own Node is too old for the SQLite driver, which crashes on it. */
const onOldNode = it.skipIf(!isOldNode(machineNode));

const startOnMachineNode = (
  command: string,
  args: string[],
  options: RunOptions,
  environment: Record<string, string> = {},
): RunningProcess =>
  startProcess(args, { PATH: machinePath.join(delimiter), ...environment }, { command, ...options });

async function expectSuccess(result: Promise<ProcessResult>): Promise<string> {
  const { code, stdout, stderr } = await result;
  if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}\n${stdout}`);
  return stdout;
}

describe('a checkout', () => {
  it('runs the command line through npx', async () => {
    const cwd = process.cwd();
    expect(
      await expectSuccess(startOnMachineNode('npx', ['summit-facts', '--version'], { cwd }).result),
    ).toBe(`${version}\n`);
    const help = await expectSuccess(startOnMachineNode('npx', ['summit-facts', '--help'], { cwd }).result);
    expect(help).toContain('generate');
  });
});

describe('the packed command line', () => {
  let folder: string;
  let launcher: string;
  beforeAll(async () => {
    const packageFolder = createTemporaryFolder();
    await expectSuccess(startOnMachineNode('npm', ['pack', '--pack-destination', packageFolder], {}).result);
    const [tarball = ''] = readdirSync(packageFolder);
    folder = join(createTemporaryFolder(), 'elsewhere');
    mkdirSync(folder);
    await expectSuccess(startOnMachineNode('npm', ['init', '-y'], { cwd: folder }).result);
    const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    await expectSuccess(
      startOnMachineNode('npm', ['install', ...options, join(packageFolder, tarball)], { cwd: folder })
        .result,
    );
    launcher = join(folder, 'node_modules/summit-facts/bin/summit-facts.js');
    cpSync(DOSSIERS, join(folder, 'dossiers'), { recursive: true });
  });

  const npx = (args: string[], environment: Record<string, string> = {}): RunningProcess =>
    startOnMachineNode('npx', ['summit-facts', ...args], { cwd: folder }, environment);

  it('contains the code, and neither tests nor dossiers', () => {
    const files = readdirSync(dirname(dirname(launcher)), { recursive: true, encoding: 'utf8' });
    expect(files).toContain('src/workers/import-worker.ts');
    expect(files.filter((path) => /^(?:tests|bench|db\/dossiers)\//.test(path))).toEqual([]);
  });

  it('prints its version, and has no command that writes to the source tree', async () => {
    expect(await expectSuccess(npx(['--version']).result)).toBe(`${version}\n`);
    expect(await expectSuccess(npx(['--help']).result)).not.toContain('generate');
  });

  it('checks, imports, does a dry run, exports and backs up', async () => {
    const environment = { DATABASE_URL: createSqliteStoreUrl() };
    const checkOutput = await expectSuccess(npx(['check', '--json', 'dossiers'], environment).result);
    expect(JSON.parse(checkOutput)).toMatchObject({ problems: [] });
    const importOutput = await expectSuccess(npx(['import', 'dossiers'], environment).result);
    expect(importOutput).toMatch(/revision 1, \d+ added/);
    const [told, exported, copied] = await Promise.all([
      expectSuccess(npx(['check', '--store', 'dossiers'], environment).result),
      expectSuccess(npx(['export', 'out'], environment).result),
      expectSuccess(npx(['backup', 'copy.sqlite'], environment).result),
    ]);
    expect(told).toContain('dry run: no changes');
    expect(exported).toContain('out/brussels-2022-03-24/facts.yaml');
    expect(copied).toContain('integrity check passed');
  });

  it('serves facts, reference and OpenAPI documents, and passes exit codes through', async () => {
    const environment = { DATABASE_URL: createSqliteStoreUrl() };
    await expectSuccess(npx(['import', 'dossiers'], environment).result);
    const server = await waitUntilListening(
      startOnMachineNode(process.execPath, [launcher, 'serve', '--port', '0'], { cwd: folder }, environment),
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
    const responses = await Promise.all(paths.map((path) => fetch(server.url + path)));
    expect(responses.map(({ status }) => status)).toEqual(paths.map(() => 200));
    const keyProcess = npx(['keys', 'create', '--name', 'desk', '--scope', 'write', '--json'], environment);
    const { key } = JSON.parse(await expectSuccess(keyProcess.result)) as { key: string };
    const dossier = buildEventDossier([{ id: 'a' }]);
    expect(await putDossier(server.url, key, dossier)).toMatchObject({ action: 'created', revision: 2 });
    server.child.kill('SIGTERM');
    expect((await server.result).code).toBe(0);
    expect((await npx(['import', 'dossiers', '--colour']).result).code).toBe(2);
  });

  onOldNode('runs on the Node that npm installed if the machine has an old one', async () => {
    const node = machineNode as string;
    const environment = { DATABASE_URL: createSqliteStoreUrl() };
    await expectSuccess(
      startOnMachineNode(node, [launcher, 'import', 'dossiers'], { cwd: folder }, environment).result,
    );
    const server = await waitUntilListening(
      startOnMachineNode(node, [launcher, 'serve', '--port', '0'], { cwd: folder }, environment),
    );
    expect((await fetch(`${server.url}/v1/countries`)).status).toBe(200);
    // The launcher receives the signal and forwards it.
    server.child.kill('SIGTERM');
    expect((await server.result).code).toBe(0);
    const missing = startOnMachineNode(
      node,
      [launcher, 'check', '--store', 'dossiers'],
      { cwd: folder },
      {
        DATABASE_URL: createSqliteStoreUrl(),
      },
    );
    expect((await missing.result).code).toBe(3);
  });

  onOldNode('names the Node version that it needs if no other Node is installed', async () => {
    const launcherPath = join(createTemporaryFolder(), 'summit-facts');
    cpSync(dirname(dirname(launcher)), launcherPath, { recursive: true });
    const { code, stderr } = await startOnMachineNode(
      machineNode as string,
      [join(launcherPath, 'bin/summit-facts.js')],
      {},
    ).result;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^Summit Facts requires Node 22\.18 or later \(24 is recommended\); this is Node \d+/,
      ),
    ]);
  });
});
