import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    expect(await seed(store, folder)).toEqual({ imported: ['brussels-2022-03-24'], outdated: [] });
    expect(await seed(store, folder)).toEqual({ imported: [], outdated: [] });

    const facts = join(folder, 'brussels-2022-03-24', 'facts.yaml');
    writeFileSync(facts, readFileSync(facts, 'utf8').replace('title: Secretary General', 'title: Secretary'));
    expect(await seed(store, folder)).toEqual({
      imported: [],
      outdated: [join(folder, 'brussels-2022-03-24')],
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
    expect(await seed(store, folder)).toEqual({ imported: ['c', 'b', 'a'], outdated: [] });
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
      buildDossier({ id: 'd', source: 'Eva.', adds: adds('nobody', 'Eva') }),
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
      expect.stringMatching(`${createPattern('d')}/nobody not found`),
      expect.stringMatching(
        /^a, b refer to facts of each other in a cycle, so none of them can be imported first/,
      ),
    ]);
    expect((await get(await createApp(store), '/v1/people/eva')).status).toBe(200);
  });
});
