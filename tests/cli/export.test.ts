import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDossier } from '../../src/dossier/files.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { closeAfterTests, createStoreUrl, createTemporaryFolder, importInto } from '../support/app.ts';
import { SAMPLE_DOSSIER_FOLDERS } from '../support/dossier-builder.ts';
import { runCommand } from '../support/run-command.ts';

const BRUSSELS = 'brussels-2022-03-24';

/** Creates a store with three dossiers that share facts. The fourth revision changes the first dossier. */
async function createSharedStore() {
  const url = createStoreUrl();
  const store = closeAfterTests(await openStore(url));
  for (const folder of SAMPLE_DOSSIER_FOLDERS) await importInto(store, readDossier(folder));
  const brussels = readDossier(SAMPLE_DOSSIER_FOLDERS[0]);
  const facts = brussels.facts.replace('aliases: [Stoltenberg]', 'aliases: [Stoltenberg, Jens]');
  await importInto(store, { ...brussels, facts });
  return { store, environment: { DATABASE_URL: url }, facts };
}

/** Reads the current facts, without the columns that depend on the number of imports. */
const readFacts = (store: Store) =>
  store.read((db) =>
    db
      .selectFrom('fact')
      .select(['type', 'id', 'label', 'reported_on', 'document', 'body'])
      .where('rev_to', '=', 2_147_483_647)
      .where('retracted', 'is', null)
      .orderBy('type')
      .orderBy('id')
      .execute(),
  );

describe('export', () => {
  it('writes folders that give a new store the same facts when imported', async () => {
    const { store, environment, facts } = await createSharedStore();
    const folder = join(createTemporaryFolder(), 'new', 'dossiers');
    const { code, stdout } = await runCommand(['export', folder], environment);
    const ids = readdirSync(folder).sort();
    const paths = ids.flatMap((id) => [join(folder, id, 'source.txt'), join(folder, id, 'facts.yaml')]);
    expect([code, stdout.trimEnd().split('\n').sort()]).toEqual([0, paths.sort()]);
    expect(ids).toEqual(SAMPLE_DOSSIER_FOLDERS.map((path) => readDossier(path).id));
    expect(readDossier(join(folder, BRUSSELS))).toEqual({ ...readDossier(SAMPLE_DOSSIER_FOLDERS[0]), facts });

    const DATABASE_URL = createStoreUrl();
    const reimport = await runCommand(['import', '--json', folder], { DATABASE_URL });
    expect(JSON.parse(reimport.stdout).imported.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(await readFacts(closeAfterTests(await openStore(DATABASE_URL)))).toEqual(await readFacts(store));
  });

  it('writes selected dossiers as of an earlier revision', async () => {
    const { environment } = await createSharedStore();
    const folder = createTemporaryFolder();
    const { stdout } = await runCommand(['export', '--json', '--as-of', '1', folder, BRUSSELS], environment);
    expect(JSON.parse(stdout)).toEqual({
      revision: 1,
      written: [join(folder, BRUSSELS, 'source.txt'), join(folder, BRUSSELS, 'facts.yaml')],
      unchanged: [],
      redacted: [],
    });
    expect(readDossier(join(folder, BRUSSELS))).toEqual(readDossier(SAMPLE_DOSSIER_FOLDERS[0]));
    const laterExport = await runCommand(['export', '--as-of', '5', folder], environment);
    expect([laterExport.code, laterExport.stderr]).toEqual([1, 'Revision 5 not found: the newest is 4\n']);
    const unknown = await runCommand(['export', '--as-of', '1', folder, BRUSSELS, 'riga'], environment);
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      'Dossier riga not found at revision 1; the database has brussels-2022-03-24\n',
    ]);
  });

  it('overwrites files with other content only with --force', async () => {
    const { environment, facts } = await createSharedStore();
    const folder = createTemporaryFolder();
    const path = join(folder, BRUSSELS, 'facts.yaml');
    mkdirSync(join(folder, BRUSSELS));
    writeFileSync(path, 'a week of work');
    const refusedExport = await runCommand(['export', folder], environment);
    expect([refusedExport.code, refusedExport.stdout]).toEqual([1, '']);
    expect(refusedExport.stderr).toContain(`${path} exists with other content\n`);
    expect([readdirSync(folder), readFileSync(path, 'utf8')]).toEqual([[BRUSSELS], 'a week of work']);

    expect((await runCommand(['export', '--force', folder], environment)).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(facts);
    const repeatedExport = await runCommand(['export', folder], environment);
    expect([repeatedExport.code, repeatedExport.stdout]).toEqual([0, 'nothing to write\n']);
  });

  it('skips a redacted dossier and reports it', async () => {
    const { store, environment } = await createSharedStore();
    await store.write((db) =>
      db
        .updateTable('dossier')
        .set({ checked: '{}', source: '', facts: '' })
        .where('id', '=', BRUSSELS)
        .execute(),
    );
    const folder = createTemporaryFolder();
    const { code, stdout, stderr } = await runCommand(['export', '--json', folder], environment);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^brussels-2022-03-24: skipped, .*redacted/)]);
    expect(JSON.parse(stdout)).toMatchObject({ redacted: [BRUSSELS] });
    expect(readdirSync(folder)).not.toContain(BRUSSELS);
  });
});
