/** Start of a server whose folder has dossiers that cannot be imported. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createStoreUrl, createTemporaryFolder } from './support/app.ts';
import { startProcess, waitUntilListening } from './support/process.ts';

const BAD_FACTS =
  'document: {id: m-bad, title: Bad, language: en, rights: {statement: None, display: full}, colour: red}\n';

/** Creates a working directory with valid dossiers. */
function createWorkingDirectory(): string {
  const cwd = createTemporaryFolder();
  cpSync('db/dossiers', join(cwd, 'db/dossiers'), { recursive: true });
  return cwd;
}

function addBadFolders(cwd: string): void {
  const folder = join(cwd, 'db/dossiers/m-bad');
  mkdirSync(folder);
  writeFileSync(join(folder, 'facts.yaml'), BAD_FACTS);
  writeFileSync(join(folder, 'source.txt'), 'Bad.\n');
  mkdirSync(join(cwd, 'db/dossiers/m-unreadable/source.txt'), { recursive: true });
}

const startIn = (cwd: string, environment: Record<string, string>) =>
  startProcess([resolve('src/main.ts')], { PORT: '0', ...environment }, { cwd });

const FOLDERS = ['db/dossiers/m-bad', 'db/dossiers/m-unreadable'];

describe.each(['1', '2'])('a server with WORKERS=%s', (WORKERS) => {
  it('starts again if a new folder cannot be imported, and reports it', async () => {
    const cwd = createWorkingDirectory();
    const environment = { DATABASE_URL: createStoreUrl(), WORKERS };
    const first = await waitUntilListening(startIn(cwd, environment));
    expect(await (await fetch(`${first.url}/readyz`)).json()).toEqual({ status: 'ready', revision: 1 });
    expect(await (await fetch(`${first.url}/metrics`)).text()).toMatch(/^seed_rejected_dossiers 0$/m);
    first.child.kill('SIGTERM');
    await first.result;

    addBadFolders(cwd);
    const second = await waitUntilListening(startIn(cwd, environment));
    const ready = await fetch(`${second.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        status: 'ready',
        revision: 1,
        rejectedDossiers: [
          {
            folder: FOLDERS[1],
            problems: 2,
            detail: 'db/dossiers/m-unreadable/facts.yaml:1:1 unreadable-file is missing',
          },
          {
            folder: FOLDERS[0],
            problems: expect.any(Number),
            detail: expect.stringMatching(/^db\/dossiers\/m-bad\/facts\.yaml:1:\d+ unknown-field /),
          },
        ],
      },
    ]);
    expect(await (await fetch(`${second.url}/metrics`)).text()).toMatch(/^seed_rejected_dossiers 2$/m);
    expect((await fetch(`${second.url}/v1/events`)).status).toBe(200);
    second.child.kill('SIGTERM');
    const { code, stdout } = await second.result;
    expect(code).toBe(0);
    const errors = stdout.split('\n').filter((line) => line.startsWith('{"level":50'));
    expect(errors.map((line) => JSON.parse(line).msg)).toEqual([
      expect.stringContaining(`${FOLDERS[1]} could not be imported: `),
      expect.stringContaining(`${FOLDERS[0]} could not be imported: `),
    ]);
  });
});

it('a first start fails, and names every problem', async () => {
  const cwd = createWorkingDirectory();
  addBadFolders(cwd);
  const { code, stdout, stderr } = await startIn(cwd, { DATABASE_URL: createStoreUrl() }).result;
  expect([code, stdout]).toEqual([1, '']);
  for (const folder of FOLDERS) expect(stderr).toContain(`${folder}/facts.yaml:1:`);
});
