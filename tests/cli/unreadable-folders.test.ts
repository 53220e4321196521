/** Folders that cannot be read, among others that can. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { createStoreUrl, createTemporaryFolder, type Json } from '../support/app.ts';
import { buildDossier } from '../support/dossier-builder.ts';
import { startAsOrdinaryUser } from '../support/process.ts';
import { runCommand } from '../support/run-command.ts';

const buildPersonDossier = (id: string): DossierFiles =>
  buildDossier({
    id,
    source: 'Ilze.',
    facts: [
      { type: 'person', id: `ilze-${id}`, name: 'Ilze', evidence: [{ quote: 'Ilze', supports: ['name'] }] },
    ],
  });

function writeDossier(parent: string, id: string): string {
  const { facts, source } = buildPersonDossier(id);
  const folder = join(parent, id);
  mkdirSync(folder);
  writeFileSync(join(folder, 'facts.yaml'), facts);
  writeFileSync(join(folder, 'source.txt'), source);
  return folder;
}

/** Breaks a valid dossier folder; the keys are names of folders, the messages what is said about them. */
const BREAKAGES: Record<string, { break(folder: string): void; message: string }> = {
  'm-dangling-file': {
    break(folder) {
      rmSync(join(folder, 'source.txt'));
      symlinkSync('../elsewhere.txt', join(folder, 'source.txt'));
    },
    message: 'source.txt:1:1 unreadable-file is a link to ../elsewhere.txt, which does not exist',
  },
  'm-dangling-folder': {
    break(folder) {
      rmSync(folder, { recursive: true });
      symlinkSync('elsewhere', folder);
    },
    message: 'm-dangling-folder is a link to elsewhere, which does not exist',
  },
  'm-folder-as-file': {
    break(folder) {
      rmSync(join(folder, 'facts.yaml'));
      mkdirSync(join(folder, 'facts.yaml'));
    },
    message: 'facts.yaml:1:1 unreadable-file is a folder, but must be a file',
  },
  'm-latin-1': {
    break: (folder) =>
      writeFileSync(join(folder, 'source.txt'), Buffer.from('Ilze \ufffd.\nK\u00f6ln', 'latin1')),
    message: 'source.txt:1:6 unreadable-file is not valid UTF-8',
  },
  'm-loop': {
    break(folder) {
      rmSync(join(folder, 'source.txt'));
      symlinkSync('source.txt', join(folder, 'source.txt'));
    },
    message: 'source.txt:1:1 unreadable-file cannot be read: too many symbolic links encountered',
  },
  'm-no-facts': {
    break: (folder) => rmSync(join(folder, 'facts.yaml')),
    message: 'facts.yaml:1:1 unreadable-file is missing',
  },
  'm-no-source': {
    break: (folder) => rmSync(join(folder, 'source.txt')),
    message: 'source.txt:1:1 unreadable-file is missing',
  },
  'm-pipe': {
    break(folder) {
      rmSync(join(folder, 'source.txt'));
      execFileSync('mkfifo', [join(folder, 'source.txt')]);
    },
    message: 'source.txt:1:1 unreadable-file is not a regular file',
  },
  'm-truncated': {
    break: (folder) =>
      writeFileSync(join(folder, 'facts.yaml'), Buffer.from([0x61, 0x0a, 0xc3, 0xa9, 0xe2, 0x82])),
    message: 'facts.yaml:2:2 unreadable-file is not valid UTF-8',
  },
  'm-utf-16': {
    break: (folder) => writeFileSync(join(folder, 'source.txt'), 'Ilze.', 'utf16le'),
    message: 'source.txt:1:1 unreadable-file is not valid UTF-8 but UTF-16 (little endian): save it as UTF-8',
  },
};
const NAMES = Object.keys(BREAKAGES);
/** Valid folders that come first, in between and last. */
const VALID_NAMES = ['m-a', 'm-lists', 'm-z'];

function createFolders(): string {
  const parent = createTemporaryFolder();
  for (const [name, { break: breakFolder }] of Object.entries(BREAKAGES))
    breakFolder(writeDossier(parent, name));
  for (const name of VALID_NAMES) writeDossier(parent, name);
  return parent;
}

describe.each([
  ['a folder of dossiers', (parent: string) => [parent]],
  ['the folders', (parent: string) => readdirSync(parent).map((name) => join(parent, name))],
])('given %s', (_, getPaths) => {
  let parent: string;
  let paths: string[];
  beforeAll(() => {
    parent = createFolders();
    paths = getPaths(parent);
  });

  it('import imports all others, names each, and fails', async () => {
    const environment = { DATABASE_URL: createStoreUrl() };
    const { code, stdout, stderr } = await runCommand(['import', ...paths], environment);
    expect(code).toBe(1);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
    ).toEqual(VALID_NAMES);
    for (const [name, { message }] of Object.entries(BREAKAGES)) {
      expect(stderr).toContain(join(parent, message.startsWith('m-') ? '' : name, message));
    }
    expect(stderr).toContain(
      `${NAMES.length} of ${NAMES.length + VALID_NAMES.length} dossiers were refused\n`,
    );

    const asJson = await runCommand(['import', '--json', ...paths], environment);
    const { imported, problems, error } = JSON.parse(asJson.stdout);
    expect([asJson.code, error]).toEqual([1, expect.stringContaining('dossiers were refused')]);
    expect(imported.map(({ id, revision }: Json) => [id, revision])).toEqual(
      VALID_NAMES.map((id) => [id, null]),
    );
    expect(problems.map(({ file, code: problemCode }: Json) => [file, problemCode])).toEqual(
      NAMES.map((name) => [expect.stringContaining(join(parent, name)), 'unreadable-file']),
    );
  });

  it.each([[[]], [['--store']]])('check %j checks all others, and counts them', async (options) => {
    const environment = { DATABASE_URL: createStoreUrl() };
    await runCommand(['migrate'], environment);
    const { code, stdout, stderr } = await runCommand(['check', ...options, ...paths], environment);
    expect([code, stderr]).toEqual([
      1,
      `${NAMES.length} of ${NAMES.length + VALID_NAMES.length} dossiers have problems\n`,
    ]);
    for (const name of VALID_NAMES) expect(stdout).toContain(`${join(parent, name)}: 2 facts`);
    for (const { message } of Object.values(BREAKAGES)) expect(stdout).toContain(message);
    const asJson = await runCommand(['check', '--json', ...options, ...paths], environment);
    const { dossiers, problems } = JSON.parse(asJson.stdout);
    expect(dossiers.map(({ id, problems: count }: Json) => [id, count])).toEqual(
      [...NAMES, ...VALID_NAMES].sort().map((id) => [id, NAMES.includes(id) ? 1 : 0]),
    );
    expect(problems).toHaveLength(NAMES.length);
  });
});

it('check is not disturbed by unreadable siblings', async () => {
  const parent = createFolders();
  const { code, stdout } = await runCommand(['check', join(parent, 'm-a')]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/m-a: 2 facts/)]);
});

it('paths without a dossier are named next to others', async () => {
  const parent = createTemporaryFolder();
  writeDossier(parent, 'm-a');
  mkdirSync(join(parent, 'm-empty'));
  writeFileSync(join(parent, 'm-notes.txt'), 'notes');
  const paths = ['m-a', 'm-empty', 'm-notes.txt', 'm-nowhere'].map((name) => join(parent, name));
  const { code, stdout, stderr } = await runCommand(['import', ...paths], { DATABASE_URL: createStoreUrl() });
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^m-a: revision 1/)]);
  expect(stderr.trim().split('\n')).toEqual([
    `No dossier found in ${paths[1]}: it has neither facts.yaml nor source.txt`,
    `${paths[2]} is a file, but must be a folder`,
    `Folder ${paths[3]} not found`,
    '3 of 4 dossiers were refused',
  ]);
  // In a folder of dossiers, what is no dossier is not meant.
  expect((await runCommand(['check', parent])).code).toBe(0);
});

it('follows links to folders', async () => {
  const parent = createTemporaryFolder();
  symlinkSync(writeDossier(createTemporaryFolder(), 'm-linked'), join(parent, 'm-linked'));
  const { code, stdout } = await runCommand(['check', parent]);
  expect([code, stdout]).toEqual([0, expect.stringContaining('m-linked: 2 facts')]);
});

it('names all files of one folder', async () => {
  const parent = createTemporaryFolder();
  writeDossier(parent, 'm-a');
  rmSync(join(parent, 'm-a', 'source.txt'));
  writeFileSync(join(parent, 'm-a', 'facts.yaml'), Buffer.from([0xff]));
  const { stdout } = await runCommand(['check', '--json', parent]);
  expect(JSON.parse(stdout).problems.map(({ file, message }: Json) => [file, message])).toEqual([
    [join(parent, 'm-a', 'facts.yaml'), 'is not valid UTF-8'],
    [join(parent, 'm-a', 'source.txt'), 'is missing'],
  ]);
});

it('names files and folders that the user may not read', async () => {
  const parent = createTemporaryFolder();
  chmodSync(parent, 0o755);
  chmodSync(join(writeDossier(parent, 'm-a'), 'source.txt'), 0o000);
  chmodSync(writeDossier(parent, 'm-b'), 0o000);
  writeDossier(parent, 'm-c');
  const { code, stdout } = await startAsOrdinaryUser(['src/cli/main.ts', 'check', parent]).result;
  chmodSync(join(parent, 'm-b'), 0o755);
  expect([code, stdout.trim().split('\n')]).toEqual([
    1,
    [
      `${join(parent, 'm-a', 'source.txt')}:1:1 unreadable-file cannot be read: permission denied`,
      `${join(parent, 'm-b')} cannot be read: permission denied`,
      expect.stringContaining(`${join(parent, 'm-c')}: 2 facts`),
    ],
  ]);
});
