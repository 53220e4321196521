import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp, createSeededApp, createStore, followPages, get, importInto } from '../../support/app.ts';
import { buildCouncilDossier, chair, council, membership } from '../../support/council-dossier.ts';

describe('.json after the path of a JSON resource', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await createSeededApp();
  });

  it.each([
    '/v1/events',
    '/v1/events?kind=summit&limit=1&count=true',
    '/v1/documents?asOf=1',
    '/v1/events/war-in-ukraine',
    '/v1/events/war-in-ukraine?asOf=1',
    '/v1/events/war-in-ukraine/references?limit=2',
    '/v1/events/war-in-ukraine/versions',
    '/v1/documents/brussels-2022-03-24/coverage',
    '/v1/documents/brussels-2022-03-24/facts?start=0&end=40',
    '/v1/statements/facets?by=mode',
    '/v1/search?q=nato',
    '/v1/changes?limit=2',
    '/v1/corrections',
    '/v1/revisions',
    '/v1/revisions/1',
    '/v1/dossiers',
    '/v1/dossiers/brussels-2022-03-24',
  ])('has the response of %s', async (url) => {
    const [path, query] = url.split('?');
    const alias = `${path}.json${query ? `?${query}` : ''}`;
    // In both orders, because each response is cached.
    for (const order of [
      [url, alias],
      [alias, url],
    ]) {
      const responses = new Map<string, Awaited<ReturnType<typeof get>>>();
      for (const each of order) responses.set(each, await get(app, each));
      const [plain, json] = [responses.get(url), responses.get(alias)];
      expect([json?.status, json?.body]).toEqual([200, plain?.body]);
      expect(json?.headers['etag']).toBe(plain?.headers['etag']);
      expect(json?.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(json?.headers['link']).toContain(`<${encodeURI(sortQuery(url))}>; rel="canonical"`);
      expect(plain?.headers['link'] ?? '').not.toContain('canonical');
    }
    const { headers } = await get(app, alias);
    expect((await get(app, alias, { 'if-none-match': String(headers['etag']) })).status).toBe(304);
    expect((await app.inject({ method: 'HEAD', url: alias })).statusCode).toBe(200);
  });

  it('pages through the list at its canonical URL', async () => {
    const { body } = await get(app, '/v1/events.json?limit=2');
    expect(body.links).toMatchObject({
      self: '/v1/events?limit=2',
      next: expect.stringMatching(/^\/v1\/events\?/),
    });
    const ids = (items: { id: string }[]) => items.map(({ id }) => id);
    expect(ids(await followPages(app, '/v1/events.json?limit=2'))).toEqual(
      ids(await followPages(app, '/v1/events')),
    );
    const continued = await get(app, body.links.next.replace('/v1/events?', '/v1/events.json?'));
    expect(continued.status).toBe(200);
  });

  it('decides the format, whatever the request accepts', async () => {
    for (const accept of ['text/csv', 'image/png', '*/*']) {
      const { status, headers } = await get(app, '/v1/events.json', { accept });
      expect([status, headers['vary']], accept).toEqual([200, 'Accept-Encoding']);
    }
    expect((await get(app, '/v1/events', { accept: 'text/csv' })).status).toBe(307);
    expect((await get(app, '/v1/events', { accept: '*/*' })).headers['vary']).toBe('Accept, Accept-Encoding');
  });

  it('takes the same parameters, and is read-only', async () => {
    expect((await get(app, '/v1/events.json?nonsense=1')).status).toBe(400);
    expect((await get(app, '/v1/events/missing.json')).status).toBe(404);
    expect((await get(app, '/v1/nothing.json')).status).toBe(404);
    expect((await get(app, '/v1/events.csv.json')).status).toBe(404);
    const put = await app.inject({ method: 'PUT', url: '/v1/dossiers/riga.json', payload: '{}' });
    expect([put.statusCode, put.headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('does not hide the formats whose extensions begin with it', async () => {
    for (const url of ['/v1/events/war-in-ukraine.jsonld', '/v1/events.jsonld', '/v1/events.timeline.json'])
      expect((await get(app, url)).status, url).toBe(200);
    expect((await get(app, '/v1/events/war-in-ukraine.jsonld')).headers['content-type']).toContain('ld+json');
  });

  it('redirects to the new id of a renamed fact', async () => {
    const store = await createStore();
    await importInto(store, buildCouncilDossier([council, chair, membership]));
    const renames = [{ from: 'person/ilze', to: 'abele' }];
    await importInto(
      store,
      buildCouncilDossier([council, { ...chair, id: 'abele' }, membership], { renames }),
    );
    const { status, headers } = await get(await createApp(store), '/v1/people/ilze.json?asOf=2');
    expect([status, headers['location']]).toEqual([308, '/v1/people/abele.json?asOf=2']);
  });
});

/** Returns the URL with its parameters in the canonical order. */
function sortQuery(url: string): string {
  const [path, query] = url.split('?');
  return query ? `${path}?${query.split('&').sort().join('&')}` : url;
}
