import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { rebuildSearchIfStale } from '../../../src/store/import/write-versions.ts';
import type { Store } from '../../../src/store/open.ts';
import { createApp, createStore, get, getIds, importInto } from '../../support/app.ts';
import { buildDossier } from '../../support/dossier-builder.ts';
import { dumpDerivedTables } from '../../support/dump-derived-tables.ts';

const SOFT_HYPHEN = '\u00ad';
const SOURCE = `The bat${SOFT_HYPHEN}tal${SOFT_HYPHEN}ion counts 40 \u{1f5f3}\ufe0f troops. Anna Ābe\u200dle and การ\u200bประชุม spoke.`;

const buildUnits = () =>
  buildDossier({
    id: 'units',
    source: SOURCE,
    facts: [
      {
        type: 'figure',
        id: 'troops',
        subject: 'person/abele',
        measure: `bat${SOFT_HYPHEN}tal${SOFT_HYPHEN}ion`,
        value: 40,
        unit: 'troops',
        qualifier: 'exact',
        statedAs: '40',
        evidence: [
          {
            quote: `The bat${SOFT_HYPHEN}tal${SOFT_HYPHEN}ion counts 40 \u{1f5f3}\ufe0f troops`,
            supports: ['subject', 'measure', 'value', 'unit', 'qualifier', 'statedAs'],
          },
        ],
      },
      {
        type: 'person',
        id: 'abele',
        name: 'Anna Ābe\u200dle',
        evidence: [{ quote: 'Anna Ābe\u200dle and การ\u200bประชุม spoke', supports: ['name'] }],
      },
    ],
  });

const INVISIBLE = [
  '',
  SOFT_HYPHEN,
  '\u200b',
  '\u200c',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u200e',
  '\u2067',
  '\ufe0f',
];

describe('characters that readers cannot see', () => {
  let store: Store;
  let app: Awaited<ReturnType<typeof createApp>>;

  beforeAll(async () => {
    store = await createStore();
    await importInto(store, buildUnits());
    app = await createApp(store);
  });

  it.each(
    INVISIBLE.map((each) => [each.codePointAt(0)?.toString(16) ?? 'none', each]),
  )('hide no word from search, in the text or in the query: %s', async (_, invisible) => {
    const q = encodeURIComponent(`batta${invisible}lion`);
    expect(await getIds(app, `/v1/figures?q=${q}`)).toEqual(['troops']);
    const name = encodeURIComponent(`${invisible}Abe${invisible}le${invisible}`);
    expect(await getIds(app, `/v1/people?q=${name}`)).toEqual(['abele']);
    const { body } = await get(app, `/v1/search?q=${q}`);
    expect(body.data[0]).toMatchObject({ type: 'figure', id: 'troops' });
    expect(body.data[0].snippet).toContain(`<mark>bat${SOFT_HYPHEN}tal${SOFT_HYPHEN}ion</mark>`);
    const measure = encodeURIComponent(`batt${invisible}alion`);
    expect(await getIds(app, `/v1/figures?measure=${measure}`)).toEqual(['troops']);
  });

  it('separate the words of Thai, and find them with and without the separator', async () => {
    for (const q of ['ประชุม', 'การประชุม', 'การ\u200bประชุม'])
      expect(await getIds(app, `/v1/people?q=${encodeURIComponent(q)}`), q).toEqual(['abele']);
    const { body } = await get(app, `/v1/search?q=${encodeURIComponent('การประชุม')}`);
    expect(body.data[0].snippet).toContain('<mark>การ</mark>\u200b<mark>ประชุม</mark>');
  });

  it('stay in the facts and in the counts', async () => {
    const { body } = await get(app, '/v1/figures/troops');
    const { start, end } = body.evidence[0];
    expect(Array.from(SOURCE).slice(start, end).join('')).toBe(body.evidence[0].exact);
    const counts = await get(app, '/v1/figures/facets?by=unit,subject');
    expect(counts.body.data[1].values).toMatchObject([{ value: 'person/abele', label: 'Anna Ābe\u200dle' }]);
  });

  it('are no words to search for by themselves', async () => {
    const { status, body } = await get(app, `/v1/figures?q=${encodeURIComponent('\u200b\u00ad')}`);
    expect([status, body.errors[0].parameter]).toEqual([400, 'q']);
  });

  it('no longer hide words in a store of an earlier version, from its next start', async () => {
    const before = await dumpDerivedTables(store);
    const original = `bat${SOFT_HYPHEN}tal${SOFT_HYPHEN}ion`;
    await store.write(async (db) => {
      await db.updateTable('term').set({ value: original }).where('field', '=', 'measure').execute();
      await db.updateTable('setting').set({ value: 'earlier' }).where('name', '=', 'search').execute();
      await sql`delete from search`.execute(db);
    });
    expect(await getIds(app, '/v1/figures?measure=battalion&limit=2')).toEqual([]);
    await rebuildSearchIfStale(store, store.synonyms);
    expect(await getIds(app, '/v1/figures?measure=battalion&limit=3')).toEqual(['troops']);
    expect(await dumpDerivedTables(store)).toEqual(before);
  });
});
