import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../../src/model/types/index.ts';
import {
  createApp,
  createSeededApp,
  createStore,
  followPages,
  get,
  importInto,
  type Json,
} from '../../support/app.ts';
import { buildEventDossier } from '../../support/dossier-builder.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

const formatReferrer = ({ type, id, field }: Json): string => `${type}/${id} ${field}`;

/** Collects all references in a fact, as `type/id field` and the `type/id` that they refer to. */
function collectReferences(fact: Json): { from: string; to: string }[] {
  const references: { from: string; to: string }[] = [];
  const visit = (value: Json, path: string): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, path);
    else if (value && typeof value === 'object') {
      if ('type' in value && 'id' in value && 'label' in value) {
        references.push({ from: `${fact.type}/${fact.id} ${path}`, to: `${value.type}/${value.id}` });
      } else {
        for (const [key, inner] of Object.entries(value)) visit(inner, path ? `${path}.${key}` : key);
      }
    }
  };
  const { type: _, id: __, label: ___, ...rest } = fact;
  visit(rest, '');
  return references;
}

describe('references', () => {
  it('list the referring facts with the field', async () => {
    const { body } = await get(app, '/v1/events/zelensky-address-nato-2022-03-24/references');
    expect(body.data).toEqual([
      {
        type: 'event',
        id: 'zelensky-address-eu-2022-03-24',
        label: 'Address by Volodymyr Zelensky to Joe Biden and EU leaders',
        field: 'after',
        links: {
          self: '/v1/events/zelensky-address-eu-2022-03-24',
          html: '/events/zelensky-address-eu-2022-03-24',
        },
      },
    ]);
  });

  it('match the references in all facts', async () => {
    const facts: Json[] = [];
    for (const { collection } of factTypes)
      facts.push(...(await followPages(app, `/v1/${collection}?limit=200`)));
    const expected = new Map<string, Set<string>>();
    for (const { from, to } of facts.flatMap(collectReferences)) {
      expected.set(to, (expected.get(to) ?? new Set()).add(from));
    }
    for (const { type, id, links } of facts) {
      const referrers = await followPages(app, `${links.self}/references?limit=200`);
      const expectedReferrers = [...(expected.get(`${type}/${id}`) ?? [])].sort();
      expect(referrers.map(formatReferrer).sort(), `${type}/${id}`).toEqual(expectedReferrers);
    }
  });

  it('are in the same order across pages', async () => {
    const allReferrers = await followPages(app, '/v1/countries/russia/references?limit=200');
    const pagedReferrers = await followPages(app, '/v1/countries/russia/references?limit=3');
    expect(pagedReferrers.map(formatReferrer)).toEqual(allReferrers.map(formatReferrer));
    const key = ({ type, id, field }: Json) => [type, id, field].join('\n');
    expect(allReferrers.map(key)).toEqual(allReferrers.map(key).sort());
    expect(allReferrers.length).toBeGreaterThan(6);
  });

  it('are those of the requested revision', async () => {
    const store = await createStore();
    const history = await createApp(store);
    await importInto(store, buildEventDossier([{ id: 'a' }, { id: 'b', partOf: 'event/a' }]));
    await importInto(store, buildEventDossier([{ id: 'a' }, { id: 'b' }]));
    expect((await get(history, '/v1/events/a/references')).body.data).toEqual([]);
    expect((await get(history, '/v1/events/a/references?asOf=1')).body.data.map(formatReferrer)).toEqual([
      'event/b partOf',
    ]);
  });

  it('of an unknown fact return a 404', async () => {
    const { status, body } = await get(app, '/v1/events/missing/references');
    expect([status, body.code]).toEqual([404, 'not-found']);
  });
});
