import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../src/store/open.ts';
import { closeAfterTests, createSqliteStoreUrl, createTemporaryFolder } from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';
import { startProcess } from '../support/process.ts';
import { runCommand } from '../support/run-command.ts';

const EVENTS_PER_DOSSIER = 100;
const DOSSIERS = 15;

function writeDossierFolders(): string {
  const folder = createTemporaryFolder();
  for (let n = 100; n < 100 + DOSSIERS; n += 1) {
    const events = Array.from({ length: EVENTS_PER_DOSSIER }, (_, event) => ({ id: `event-${n}-${event}` }));
    const { source, facts } = buildEventDossier(events, `dossier-${n}`);
    mkdirSync(join(folder, `dossier-${n}`));
    writeFileSync(join(folder, `dossier-${n}`, 'source.txt'), source);
    writeFileSync(join(folder, `dossier-${n}`, 'facts.yaml'), facts);
  }
  return folder;
}

/** Reads all rows up to a revision from the tables of a store. */
const readContent = (store: Store, revision: number) =>
  store.read(async (db) => ({
    revisions: await db.selectFrom('revision').selectAll().where('n', '<=', revision).orderBy('n').execute(),
    dossiers: await db
      .selectFrom('dossier')
      .selectAll()
      .where('rev_from', '<=', revision)
      .orderBy('id')
      .execute(),
    facts: await db.selectFrom('fact').selectAll().where('rev_from', '<=', revision).orderBy('row').execute(),
    terms: (
      await db
        .selectFrom('term')
        .select((eb) => eb.fn.countAll().as('n'))
        .where('rev_from', '<=', revision)
        .execute()
    )[0],
  }));

describe('backup', () => {
  it('copies one snapshot of a store while another process writes to it', async () => {
    const url = createSqliteStoreUrl();
    const environment = { DATABASE_URL: url };
    const importing = startProcess(['src/cli/main.ts', 'import', writeDossierFolders()], environment);
    while (!importing.output.stdout.includes('revision 2')) await sleep(20);
    const file = join(createTemporaryFolder(), 'copy.sqlite');
    const { code, stdout, stderr } = await runCommand(['backup', '--json', file], environment);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({ file, bytes: readFileSync(file).length });
    expect(readdirSync(dirname(file))).toEqual(['copy.sqlite']);
    expect((await importing.result).code).toBe(0);

    const [store, copy] = [
      closeAfterTests(await openStore(url)),
      closeAfterTests(await openStore(`file:${file}`)),
    ];
    const content = await readContent(copy, DOSSIERS);
    const revision = content.revisions.length;
    expect(revision).toBeGreaterThanOrEqual(2);
    expect(revision).toBeLessThan(DOSSIERS);
    expect(content.facts.length).toBe(revision * (EVENTS_PER_DOSSIER + 1));
    expect(content).toEqual(await readContent(store, revision));
  });

  it('replaces a file only with --force, and never the database itself or one in use', async () => {
    const url = createSqliteStoreUrl();
    const path = url.replace('file:', '');
    const file = join(createTemporaryFolder(), 'copy.sqlite');
    expect(await runCommand(['backup', file], { DATABASE_URL: url })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there is no database'),
    });
    await (await openStore(url)).close();
    writeFileSync(file, 'something else');
    const refusals = await Promise.all([
      runCommand(['backup', file], { DATABASE_URL: url }),
      runCommand(['backup', '--force', path], { DATABASE_URL: url }),
      runCommand(['backup', join(dirname(file), 'nowhere', 'copy.sqlite')], { DATABASE_URL: url }),
    ]);
    expect(refusals.map(({ code, stderr }) => [code, stderr])).toEqual([
      [1, `${file} already exists; use --force to replace it\n`],
      [1, `${path} is the database itself; choose another file\n`],
      [1, expect.stringContaining('directory does not exist')],
    ]);
    expect(readFileSync(file, 'utf8')).toBe('something else');
    writeFileSync(`${file}-wal`, 'what is not yet in the file');
    const inUse = await runCommand(['backup', '--force', file], { DATABASE_URL: url });
    expect([inUse.code, inUse.stderr]).toEqual([1, expect.stringContaining('is a database in use')]);
    const other = join(dirname(file), 'other.sqlite');
    writeFileSync(other, 'something else');
    expect((await runCommand(['backup', '--force', other], { DATABASE_URL: url })).code).toBe(0);
    await closeAfterTests(await openStore(`file:${other}`)).read((db) =>
      db.selectFrom('revision').selectAll().execute(),
    );
    expect(readdirSync(dirname(file)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('refers to pg_dump for PostgreSQL', async () => {
    const file = join(createTemporaryFolder(), 'copy');
    const { code, stderr } = await runCommand(['backup', file], {
      DATABASE_URL: 'postgres://editor:secret@db.example.org/newsroom?schema=facts',
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining('pg_dump --format=custom --schema=facts')]);
    expect(existsSync(file)).toBe(false);
  });
});
