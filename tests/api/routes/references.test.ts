import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { resources } from '../../../src/model/types/index.ts';
import { appOn, emptyStore, get, importInto, type Json, seededApp, walk } from '../../support/app.ts';
import { dossierOfEvents } from '../../support/dossier-builder.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await seededApp();
});

const named = ({ type, id, field }: Json): string => `${type}/${id} ${field}`;

/** Every reference in a fact, as the contract names it: who refers, by which field, to what. */
function referencesIn(fact: Json): { from: string; to: string }[] {
  const found: { from: string; to: string }[] = [];
  const visit = (value: Json, path: string): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, path);
    else if (value && typeof value === 'object') {
      if ('type' in value && 'id' in value && 'label' in value) {
        found.push({ from: `${fact.type}/${fact.id} ${path}`, to: `${value.type}/${value.id}` });
      } else {
        for (const [key, inner] of Object.entries(value)) visit(inner, path ? `${path}.${key}` : key);
      }
    }
  };
  const { type: _, id: __, label: ___, ...rest } = fact;
  visit(rest, '');
  return found;
}

describe('references', () => {
  it('say what a fact is part of, by type, id and field', async () => {
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

  it('are all that there are, and no others: the facts themselves say so', async () => {
    const facts: Json[] = [];
    for (const { collection } of resources) facts.push(...(await walk(app, `/v1/${collection}?limit=200`)));
    const expected = new Map<string, Set<string>>();
    for (const { from, to } of facts.flatMap(referencesIn)) {
      expected.set(to, (expected.get(to) ?? new Set()).add(from));
    }
    for (const { type, id, links } of facts) {
      const found = await walk(app, `${links.self}/references?limit=200`);
      const wanted = [...(expected.get(`${type}/${id}`) ?? [])].sort();
      expect(found.map(named).sort(), `${type}/${id}`).toEqual(wanted);
    }
  });

  it('are walked through page by page, at one revision, in one order', async () => {
    const whole = await walk(app, '/v1/countries/russia/references?limit=200');
    const walked = await walk(app, '/v1/countries/russia/references?limit=3');
    expect(walked.map(named)).toEqual(whole.map(named));
    const key = ({ type, id, field }: Json) => [type, id, field].join('\n');
    expect(whole.map(key)).toEqual(whole.map(key).sort());
    expect(whole.length).toBeGreaterThan(6);
  });

  it('are those of the revision asked for', async () => {
    const store = await emptyStore();
    const history = await appOn(store);
    await importInto(store, dossierOfEvents([{ id: 'a' }, { id: 'b', partOf: 'event/a' }]));
    await importInto(store, dossierOfEvents([{ id: 'a' }, { id: 'b' }]));
    expect((await get(history, '/v1/events/a/references')).body.data).toEqual([]);
    expect((await get(history, '/v1/events/a/references?asOf=1')).body.data.map(named)).toEqual([
      'event/b partOf',
    ]);
  });

  it('of a fact that there is not are not found', async () => {
    const { status, body } = await get(app, '/v1/events/nobody/references');
    expect([status, body.code]).toEqual([404, 'not-found']);
  });
});
