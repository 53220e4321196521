import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { closeAfterTests, createStoreUrl, createTemporaryFolder, importInto } from '../support/app.ts';
import { runCommand } from '../support/run-command.ts';

const BRUSSELS = 'db/dossiers/brussels-2022-03-24';
const CORRECTING = 'tests/fixtures/dossiers/correcting-2022-03-26';

function copyChangedBrussels(change: (facts: string) => string): string {
  const folder = join(createTemporaryFolder(), 'brussels-2022-03-24');
  cpSync(BRUSSELS, folder, { recursive: true });
  const facts = join(folder, 'facts.yaml');
  writeFileSync(facts, change(readFileSync(facts, 'utf8')));
  return folder;
}

const readRevisions = (store: Store) => store.read((db) => db.selectFrom('revision').select('n').execute());

async function createStoreWithBrussels() {
  const url = createStoreUrl();
  const store = closeAfterTests(await openStore(url));
  await importInto(store, readDossier(BRUSSELS));
  return { store, environment: { DATABASE_URL: url } };
}

describe('check --store', () => {
  it('does not create a missing store', async () => {
    const DATABASE_URL = createStoreUrl();
    const { code, stdout, stderr } = await runCommand(['check', '--store', BRUSSELS], { DATABASE_URL });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('there is no database; create it with "summit-facts migrate"');
    expect(existsSync(join(DATABASE_URL.replace('file:', ''), '..'))).toBe(false);
  });

  it('refuses to migrate an outdated store', async () => {
    const path = join(createTemporaryFolder(), 'old.sqlite');
    const old = new BetterSqlite3(path);
    old.exec(readFileSync('tests/store/dumps/0002-history.sqlite.sql', 'utf8')).close();
    const { code, stderr } = await runCommand(['check', '--store', BRUSSELS], {
      DATABASE_URL: `file:${path}`,
    });
    expect([code, stderr]).toEqual([
      3,
      expect.stringMatching(/migrations are pending .*0003-keys.*"summit-facts migrate"/),
    ]);
  });

  it('reports exactly the changes that the import then makes', async () => {
    const { store, environment } = await createStoreWithBrussels();
    const note = 'A shorter title';
    const folder = copyChangedBrussels((facts) =>
      facts
        .replace('title: Secretary General', 'title: Secretary')
        .replace('attendance: video-link', 'attendance: unspecified'),
    );
    const [same, silent, told, lines] = await Promise.all([
      runCommand(['check', '--store', BRUSSELS], environment),
      runCommand(['check', '--store', '--json', folder], environment),
      runCommand(['check', '--store', '--json', '--note', note, folder], environment),
      runCommand(['check', '--store', '--note', note, folder], environment),
    ]);
    expect(same.stdout).toContain('dry run: no changes, the database already has this dossier');
    expect(silent.code).toBe(1);
    expect(JSON.parse(silent.stdout)).toMatchObject({
      error: '1 of 1 dossier has problems',
      problems: expect.arrayContaining([
        {
          file: join(folder, 'facts.yaml'),
          line: expect.any(Number),
          column: expect.any(Number),
          pointer: expect.stringMatching(/^\/facts\/\d+/),
          code: 'reason-missing',
          message: expect.stringContaining('say why in a note'),
        },
      ]),
    });
    expect([told.code, lines.code]).toEqual([0, 0]);
    const [dossier] = JSON.parse(told.stdout).dossiers;
    const { after, same: already, ...forecast } = dossier.import;
    expect([after, already]).toEqual([[], false]);
    expect(forecast.modified.map(({ cause }: { cause: string }) => cause)).toContain('correction');
    for (const { type, id, label, cause } of forecast.modified) {
      expect(lines.stdout).toContain(`  ${cause} ${type}/${id} ${label}\n`);
    }
    expect(await readRevisions(store)).toEqual([{ n: 1 }]);

    const result = await runCommand(['import', '--json', '--note', note, folder], environment);
    expect(JSON.parse(result.stdout).imported).toEqual([
      { id: 'brussels-2022-03-24', folder, revision: 2, ...forecast },
    ]);
  });

  it('names the dossiers to import first, and rejects references to unknown facts', async () => {
    const environment = { DATABASE_URL: createStoreUrl() };
    const store = closeAfterTests(await openStore(environment.DATABASE_URL));
    const [together, alone] = await Promise.all([
      runCommand(['check', '--store', BRUSSELS, CORRECTING], environment),
      runCommand(['check', '--store', CORRECTING], environment),
    ]);
    expect([together.code, together.stdout]).toEqual([
      0,
      expect.stringContaining('  dry run: import brussels-2022-03-24 first\n'),
    ]);
    expect([alone.code, alone.stdout]).toEqual([
      1,
      expect.stringMatching(
        /facts\.yaml:\d+:\d+ unknown-reference .* not found: define it in this dossier, or first import/,
      ),
    ]);
    expect(await readRevisions(store)).toEqual([]);
  });
});
