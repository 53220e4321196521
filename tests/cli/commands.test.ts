import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createStoreUrl, createTemporaryFolder } from '../support/app.ts';
import { runCli } from '../support/process.ts';
import { runCommand } from '../support/run-command.ts';

const FOLDER = 'db/dossiers/brussels-2022-03-24';

function copyDossier(change: (facts: string) => string = (facts) => facts): string {
  const folder = join(createTemporaryFolder(), 'brussels-2022-03-24');
  cpSync(FOLDER, folder, { recursive: true });
  const facts = join(folder, 'facts.yaml');
  writeFileSync(facts, change(readFileSync(facts, 'utf8')));
  return folder;
}

describe('check', () => {
  it('summarizes a valid dossier', async () => {
    const { code, stdout } = await runCli(['check', 'db/dossiers']);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/brussels-2022-03-24: \d+ facts, \d+ spans, coverage 0\.\d{3}\n/),
    ]);
  });

  it('lists every problem with file, line and column, and fails', async () => {
    const folder = copyDossier((facts) =>
      facts.replace('quote: Bulgaria', 'quote: Bulgary').replace('alpha2: HU', 'alpha2: HX'),
    );
    const { code, stdout, stderr } = await runCommand(['check', folder]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /facts\.yaml:\d+:\d+ quotation-missing "Bulgary" .* closest match is at line 5, column 121: "Bulgaria"/,
    );
    expect(stdout).toMatch(/facts\.yaml:\d+:\d+ invalid-field HX is the wrong code; Hungary is HU and HUN/);
    expect(stderr).toContain('1 of 1 dossier has problems');
  });

  it('finds a fact that a sibling folder defines too', async () => {
    const folder = copyDossier();
    const other = join(folder, '..', 'other');
    cpSync(folder, other, { recursive: true });
    const facts = join(other, 'facts.yaml');
    const section = readFileSync(facts, 'utf8').replace('id: brussels-2022-03-24', 'id: other');
    writeFileSync(facts, section);
    const { code, stdout } = await runCommand(['check', folder]);
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(
        /facts\.yaml:\d+:\d+ duplicate-id person\/joe-biden is also defined in .*other, line \d+/,
      ),
    ]);
  });

  it('reports a file that is not UTF-8, a folder without dossiers and --note without --store', async () => {
    const folder = copyDossier();
    writeFileSync(join(folder, 'source.txt'), Buffer.from([0x66, 0xff]));
    expect(await runCommand(['check', folder])).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/source\.txt:1:2 unreadable-file is not valid UTF-8/),
    });
    expect(await runCommand(['check', 'src'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No dossier found in src'),
    });
    expect(await runCommand(['import', 'nowhere'])).toMatchObject({
      code: 1,
      stderr: 'Folder nowhere not found\n',
    });
    expect(await runCommand(['check', '--note', 'a note', FOLDER])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--note can only be used with --store'),
    });
  });
});

describe('import, reindex and migrate', () => {
  it('work on the store that DATABASE_URL names', async () => {
    const environment = { DATABASE_URL: createStoreUrl() };
    expect((await runCommand(['migrate'], environment)).code).toBe(0);
    const first = await runCommand(['import', FOLDER], environment);
    expect(first.stdout).toMatch(/revision 1, \d+ added, 0 modified, 0 retracted, 0 unchanged/);
    const repeatedImport = await runCommand(['import', FOLDER], environment);
    expect(repeatedImport.stdout).toContain('no changes');
    const folder = copyDossier((facts) => facts.replace('title: Secretary General', 'title: Secretary'));
    const silent = await runCommand(['import', folder], environment);
    expect([silent.code, silent.stdout]).toEqual([1, '']);
    expect(silent.stderr).toMatch(/facts\.yaml:\d+:\d+ reason-missing posts of person\/.* say why in a note/);
    const asJson = await runCommand(['import', '--json', FOLDER, folder], environment);
    expect(asJson.code).toBe(1);
    expect(JSON.parse(asJson.stdout)).toMatchObject({
      imported: [{ id: 'brussels-2022-03-24', folder: FOLDER, revision: null }],
      problems: [{ file: join(folder, 'facts.yaml'), code: 'reason-missing' }],
    });
    const changedImport = await runCommand(['import', '--note', 'A shorter title', folder], environment);
    expect(changedImport.stdout).toMatch(/revision 2, 0 added, 1 modified, 0 retracted, \d+ unchanged/);
    const reindexResult = await runCommand(['reindex', '--json'], environment);
    expect([reindexResult.code, JSON.parse(reindexResult.stdout)]).toEqual([
      0,
      { store: expect.any(String), revisions: 2 },
    ]);
  });

  it('reject a dossier that silently drops a fact', async () => {
    const environment = { DATABASE_URL: createStoreUrl() };
    await runCommand(['import', FOLDER], environment);
    const folder = copyDossier((facts) => facts.replace('id: leaders\n', 'id: some-leaders\n'));
    const { code, stderr } = await runCommand(['import', folder], environment);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('organization/leaders is missing from dossier'),
    ]);
  });
});

describe('redact', () => {
  it('removes a text after confirmation', async () => {
    const environment = { DATABASE_URL: createStoreUrl() };
    await runCommand(['import', FOLDER], environment);
    const redact = (...args: string[]) =>
      runCommand(['redact', ...args, '--reason', 'Court order'], environment);
    expect(await redact('brussels-2022-03-24')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no terminal to ask for confirmation: use --yes'),
    });
    const result = await redact('brussels-2022-03-24', '--yes', '--json');
    expect([result.code, JSON.parse(result.stdout)]).toEqual([
      0,
      {
        document: 'brussels-2022-03-24',
        revision: 2,
        versions: 1,
        facts: 100,
        spans: expect.any(Number),
      },
    ]);
    expect(await redact('brussels-2022-03-24', '--yes')).toMatchObject({
      code: 1,
      stderr: 'the text of brussels-2022-03-24 is already redacted, by revision 2 (Court order)\n',
    });
    expect(await redact('missing', '--yes')).toMatchObject({
      code: 1,
      stderr: 'document missing not found\n',
    });
    expect(await runCommand(['import', FOLDER], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'redacted-text the text of brussels-2022-03-24 was redacted by revision 2',
      ),
    });
  });
});

describe('a command', () => {
  it('reports invalid usage as JSON too', async () => {
    for (const args of [
      ['redact', 'x', '--reason', 'r', '--json'],
      ['keys', 'create', '--json'],
      ['reindex', '--json', 'extra'],
    ]) {
      const { code, stdout } = await runCommand(args, { DATABASE_URL: createStoreUrl() });
      expect([code, Object.keys(JSON.parse(stdout))]).toEqual([2, ['error']]);
    }
  });

  it('exits with its code', async () => {
    const environment = { DATABASE_URL: createStoreUrl() };
    expect((await runCli(['reindex', 'extra'], environment)).code).toBe(2);
    expect((await runCli(['reindex'], environment)).code).toBe(3);
  });

  it.each([
    [['reindex']],
    [['keys', 'list']],
    [['keys', 'revoke', 'x']],
    [['redact', 'x', '--reason', 'r', '--yes']],
  ])('%j does not create a missing store', async (args) => {
    const { code, stderr } = await runCommand(args, { DATABASE_URL: createStoreUrl() });
    expect([code, stderr]).toEqual([3, expect.stringContaining('summit-facts migrate')]);
  });
});
