import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DossierFiles } from '../src/dossier/validate.ts';
import { seed } from '../src/seed.ts';
import { createApp, createStore, createTemporaryFolder, get, type Json } from './support/app.ts';
import { buildDossier } from './support/dossier-builder.ts';

describe('seeding', () => {
  it('imports new dossiers only, and lists outdated ones', async () => {
    const folder = createTemporaryFolder();
    cpSync('db/dossiers', folder, { recursive: true });
    const store = await createStore();
    expect(await seed(store, folder)).toEqual({
      imported: ['brussels-2022-03-24'],
      outdated: [],
      rejected: [],
    });
    expect(await seed(store, folder)).toEqual({ imported: [], outdated: [], rejected: [] });

    const facts = join(folder, 'brussels-2022-03-24', 'facts.yaml');
    writeFileSync(facts, readFileSync(facts, 'utf8').replace('title: Secretary General', 'title: Secretary'));
    expect(await seed(store, folder)).toEqual({
      imported: [],
      outdated: [join(folder, 'brussels-2022-03-24')],
      rejected: [],
    });
    const { body } = await get(await createApp(store), '/v1/people/jens-stoltenberg');
    expect(body.posts[0].title).toBe('Secretary General');
  });

  it('rejects a dossier with problems, and reports their positions', async () => {
    const folder = createTemporaryFolder();
    cpSync('db/dossiers', folder, { recursive: true });
    const facts = join(folder, 'brussels-2022-03-24', 'facts.yaml');
    writeFileSync(
      facts,
      readFileSync(facts, 'utf8').replace('name: Bulgaria', 'name: Bulgaria\n    colour: red'),
    );
    const store = await createStore();
    await expect(seed(store, folder)).rejects.toThrow(
      /facts\.yaml:\d+:\d+ unknown-field there is no field colour/,
    );
    const { body } = await get(await createApp(store), '/v1/countries');
    expect(body.data).toEqual([]);
  });

  const person = (id: string, quote: string) => ({
    type: 'person',
    id,
    name: quote,
    evidence: [{ quote, supports: ['name'] }],
  });
  const writeDossiers = (dossiers: DossierFiles[]) => {
    const folder = createTemporaryFolder();
    for (const { id, source, facts } of dossiers) {
      mkdirSync(join(folder, id));
      writeFileSync(join(folder, id, 'source.txt'), source);
      writeFileSync(join(folder, id, 'facts.yaml'), facts);
    }
    return folder;
  };

  it('imports dossiers in the order of their references', async () => {
    const adds = [{ fact: 'person/ilze', evidence: [{ quote: 'Ilze', supports: ['name'] }] }];
    const more = [{ fact: 'person/jana', evidence: [{ quote: 'Jana', supports: ['name'] }] }];
    const folder = writeDossiers([
      buildDossier({ id: 'a', source: 'Jana.', adds: more }),
      buildDossier({ id: 'b', source: 'Ilze, Jana.', adds, facts: [person('jana', 'Jana')] }),
      buildDossier({ id: 'c', source: 'Ilze.', facts: [person('ilze', 'Ilze')] }),
    ]);
    const store = await createStore();
    expect(await seed(store, folder)).toEqual({ imported: ['c', 'b', 'a'], outdated: [], rejected: [] });
    const { body } = await get(await createApp(store), '/v1/people/jana');
    expect(body.evidence.map(({ document }: Json) => document.id)).toEqual(['b', 'a']);
  });

  it('lists every dossier that cannot be imported, and cycles', async () => {
    const adds = (id: string, quote: string) => [
      { fact: `person/${id}`, evidence: [{ quote, supports: ['name'] }] },
    ];
    const folder = writeDossiers([
      buildDossier({
        id: 'a',
        source: 'Ilze, Jana.',
        adds: adds('jana', 'Jana'),
        facts: [person('ilze', 'Ilze')],
      }),
      buildDossier({
        id: 'b',
        source: 'Ilze, Jana.',
        adds: adds('ilze', 'Ilze'),
        facts: [person('jana', 'Jana')],
      }),
      buildDossier({ id: 'c', source: 'Ilze.', adds: adds('ilze', 'Ilze') }),
      buildDossier({ id: 'd', source: 'Eva.', adds: adds('missing', 'Eva') }),
      buildDossier({ id: 'e', source: 'Eva.', facts: [person('eva', 'Eva')] }),
    ]);
    const store = await createStore();
    const outcome = await seed(store, folder).catch(({ message }: Error) => message);
    const createPattern = (id: string) =>
      `${join(folder, id, 'facts.yaml')}:\\d+:\\d+ unknown-reference person`;
    expect(String(outcome).split('\n')).toEqual([
      `Some dossiers in ${folder} cannot be imported; correct or remove them:`,
      expect.stringMatching(`${createPattern('a')}/jana not found`),
      expect.stringMatching(`${createPattern('b')}/ilze not found`),
      expect.stringMatching(`${createPattern('c')}/ilze not found`),
      expect.stringMatching(`${createPattern('d')}/missing not found`),
      expect.stringMatching(
        /^a, b refer to facts of each other in a cycle, so none of them can be imported first/,
      ),
    ]);
    expect((await get(await createApp(store), '/v1/people/eva')).status).toBe(200);
  });

  it('of a filled store reports folders that cannot be imported, and imports the others', async () => {
    const a = buildDossier({ id: 'a', source: 'Jana.', facts: [person('jana', 'Jana')] });
    const folder = writeDossiers([a]);
    const store = await createStore();
    await seed(store, folder);
    const adds = (id: string, quote: string) => [
      { fact: `person/${id}`, evidence: [{ quote, supports: ['name'] }] },
    ];
    const others = writeDossiers([
      a,
      buildDossier({
        id: 'b',
        source: 'Ilze, Eva.',
        adds: adds('eva', 'Eva'),
        facts: [person('ilze', 'Ilze')],
      }),
      buildDossier({
        id: 'c',
        source: 'Ilze, Eva.',
        adds: adds('ilze', 'Ilze'),
        facts: [person('eva', 'Eva')],
      }),
      buildDossier({ id: 'd', source: 'Mara.', facts: [person('mara', 'Mara')] }),
    ]);
    mkdirSync(join(others, 'e'));
    writeFileSync(join(others, 'e', 'facts.yaml'), Buffer.from([0xff]));
    mkdirSync(join(others, 'empty'));
    const report = await seed(store, others);
    expect([report.imported, report.outdated]).toEqual([['d'], []]);
    expect(new Map(report.rejected.map((each) => [each.folder, each.messages]))).toEqual(
      new Map([
        [
          join(others, 'e'),
          [
            `${join(others, 'e', 'facts.yaml')}:1:1 unreadable-file is not valid UTF-8`,
            `${join(others, 'e', 'source.txt')}:1:1 unreadable-file is missing`,
          ],
        ],
        ...['b', 'c'].map((id): [string, string[]] => [
          join(others, id),
          [
            expect.stringContaining(`${join(others, id, 'facts.yaml')}:`),
            expect.stringMatching(/^b, c refer to facts of each other in a cycle/),
          ],
        ]),
      ]),
    );
    // A file that becomes unreadable later is reported too, although its dossier is in the store.
    rmSync(join(others, 'd', 'source.txt'));
    expect((await seed(store, others)).rejected.map((each) => each.folder)).toContain(join(others, 'd'));
  });

  it('of a filled store does not need the folder', async () => {
    const folder = createTemporaryFolder();
    const store = await createStore();
    expect(await seed(store, folder)).toEqual({ imported: [], outdated: [], rejected: [] });
    await seed(
      store,
      writeDossiers([buildDossier({ id: 'a', source: 'Jana.', facts: [person('jana', 'Jana')] })]),
    );
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(await seed(store, file)).toMatchObject({
      rejected: [{ folder: file, messages: [expect.stringContaining('must be a folder')] }],
    });
  });
});
