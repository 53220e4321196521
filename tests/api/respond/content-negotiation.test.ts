import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../../src/model/types/index.ts';
import { createApp, createSeededApp, createStore, get, importInto } from '../../support/app.ts';
import { buildDossier } from '../../support/dossier-builder.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

/** The alternates in a Link header. */
const parseAlternates = (link = ''): { url: string; type: string }[] =>
  [...link.matchAll(/<([^>]*)>; rel="alternate"; type="([^"]*)"/g)].map(([, url = '', type = '']) => ({
    url,
    type,
  }));

const URLS = factTypes.flatMap(({ collection, exampleId, facetNames }) => [
  `/v1/${collection}`,
  `/v1/${collection}/${exampleId}`,
  `/v1/${collection}/facets?by=${facetNames[0]}`,
]);

describe('Link', () => {
  it.each(URLS)('of %s links to existing formats', async (url) => {
    const { headers } = await get(app, url);
    const alternates = parseAlternates(headers['link']);
    expect(alternates.map(({ type }) => type)).toContain('text/csv');
    for (const { url, type } of alternates) {
      const response = await app.inject(url);
      expect([url, response.statusCode]).toEqual([url, 200]);
      // oEmbed discovery uses this type for links, but its responses are application/json.
      const expected = type === 'application/json+oembed' ? 'application/json' : type;
      expect(String(response.headers['content-type']).split(';')[0]).toBe(expected);
    }
  });

  it('keeps filters, sort and revision of a list, but not its pagination', async () => {
    const { headers } = await get(app, '/v1/events?kind=war&sort=-startDate&asOf=1&limit=1&count=true');
    expect(parseAlternates(headers['link'])[0]?.url).toBe('/v1/events.csv?asOf=1&kind=war&sort=-startDate');
    const item = await get(app, '/v1/events/war-in-ukraine?asOf=1');
    expect(parseAlternates(item.headers['link'])[0]?.url).toBe(
      '/v1/events.csv?asOf=1&ids=war-in-ukraine&include=retracted',
    );
  });

  it('omits alternates if the header would be too long for clients', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `some-id-that-is-really-rather-long-${n}`).join(',');
    const { headers } = await get(app, `/v1/events?ids=${ids}`);
    expect(parseAlternates(headers['link'])).toEqual([]);
    expect(headers['link']).toContain('rel="self"');
  });
});

describe('Accept', () => {
  it.each([
    undefined,
    '*/*',
    'application/json',
    'application/*',
    'application/json; charset=utf-8',
    'application/json;q=0.5;ext=1, text/csv;q=0.5',
    'text/csv, application/json',
    'Application/Json; Profile="text/csv, a;q=0"',
    'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
    '*',
    '',
    ' ',
    ' , ,',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'APPLICATION/JSON',
  ])('%s returns JSON', async (accept) => {
    const { status, headers } = await get(app, '/v1/events', accept === undefined ? {} : { accept });
    expect([status, headers['content-type'], headers['vary']]).toEqual([
      200,
      'application/json; charset=utf-8',
      'Accept, Accept-Encoding',
    ]);
  });

  it.each([
    ['text/csv', '/v1/events.csv?kind=war'],
    ['application/x-ndjson', '/v1/events.ndjson?kind=war'],
    ['text/html, text/csv;q=0.5', '/v1/events.csv?kind=war'],
    ['application/x-ndjson;q=0.2, text/csv;q=0.5', '/v1/events.csv?kind=war'],
    ['text/csv, */*;q=0.1', '/v1/events.csv?kind=war'],
    ['application/json;q=0, text/csv', '/v1/events.csv?kind=war'],
    ['text/csv, application/json;q=0.1', '/v1/events.csv?kind=war'],
    ['text/csv;charset=utf-8', '/v1/events.csv?kind=war'],
    ['text/csv; header=present', '/v1/events.csv?kind=war'],
    ['TEXT/CSV ; Charset="utf-8" ; q=0.9, application/json;q=0.8', '/v1/events.csv?kind=war'],
    ['application/geo+json; charset=utf-8', '/v1/events.geojson?kind=war'],
    ['text/calendar; charset=utf-8; component=vevent', '/v1/events.ics?kind=war'],
    ['application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"', '/v1/events.jsonld?kind=war'],
    [
      'application/ld+json;profile="a, text/csv; q=1";q=0.3, application/x-ndjson;q=0.4',
      '/v1/events.ndjson?kind=war',
    ],
  ])('%s redirects to %s', async (accept, location) => {
    const { status, headers } = await get(app, '/v1/events?kind=war&limit=5', { accept });
    expect([status, headers['location'], headers['vary'], headers['cache-control']]).toEqual([
      307,
      location,
      'Accept',
      'no-store',
    ]);
  });

  it.each([
    'text/html',
    'image/png, application/xml',
    'application/json;q=0',
  ])('%s is rejected with the available formats', async (accept) => {
    for (const url of ['/v1/events', '/v1/events/war-in-ukraine', '/v1/events/facets?by=kind']) {
      const { status, headers, body } = await get(app, url, { accept });
      expect([url, status, body.code, headers['vary']]).toEqual([
        url,
        406,
        'not-acceptable',
        'Accept, Accept-Encoding',
      ]);
      expect(body.detail).toContain('application/json, text/csv');
      expect(parseAlternates(headers['link']).map(({ type }) => type)).toContain('text/csv');
    }
  });

  it('is rejected without Link if a long query would make it too long', async () => {
    const ids = Array.from({ length: 99 }, (_, n) => `some-id-${n}`).join(',');
    const { status, headers } = await get(app, `/v1/events?organizer=${ids}&participant=${ids}`, {
      accept: 'image/png',
    });
    expect([status, headers['link']]).toEqual([406, undefined]);
  });

  it('is evaluated after the parameters', async () => {
    expect((await get(app, '/v1/events?limit=0', { accept: 'text/html' })).status).toBe(400);
  });

  it('does not affect the 404 of a missing fact or the redirect of a renamed one', async () => {
    expect((await get(app, '/v1/events/missing', { accept: 'text/csv' })).status).toBe(404);
    const store = await createStore();
    const ilze = (id: string, options: object) =>
      buildDossier({
        source: 'Ilze votes.',
        facts: [{ type: 'person', id, name: 'Ilze', evidence: [{ quote: 'Ilze', supports: ['name'] }] }],
        ...options,
        uncovered: [],
      });
    await importInto(store, ilze('ilze', {}));
    await importInto(store, ilze('ilze-votes', { renames: [{ from: 'person/ilze', to: 'ilze-votes' }] }));
    const redirect = await get(await createApp(store), '/v1/people/ilze', { accept: 'text/csv' });
    expect([redirect.status, redirect.headers['location']]).toEqual([308, '/v1/people/ilze-votes']);
  });

  it('is ignored by exports, whose URL names the format', async () => {
    expect((await get(app, '/v1/events.csv', { accept: 'application/json' })).status).toBe(200);
  });
});
