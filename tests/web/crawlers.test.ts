import type { FastifyInstance } from 'fastify';
import robotsParser from 'robots-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import { removeDossier } from '../../src/store/import/import-dossier.ts';
import { createApp, createSeededApp, createStore, followPages, get, importInto } from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';

const PUBLIC_URL = 'https://news.example/facts';

// The types of the package describe another form of export.
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

const parseLocations = (xml: string): string[] =>
  [...xml.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, url]) => url as string);

/** Follows the sitemap from robots.txt to all pages. */
async function listPages(app: FastifyInstance): Promise<string[]> {
  const { body: robots } = await get(app, '/robots.txt');
  const [, sitemap = ''] = /^Sitemap: (.*)$/m.exec(robots) ?? [];
  const fetchXml = async (url: string) => {
    const { status, headers, body } = await get(app, url.replace(PUBLIC_URL, ''));
    expect([url, status, headers['content-type']]).toEqual([url, 200, 'application/xml; charset=utf-8']);
    return body as string;
  };
  const parts = parseLocations(await fetchXml(sitemap));
  return (await Promise.all(parts.map(fetchXml))).flatMap(parseLocations);
}

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp({ publicUrl: PUBLIC_URL });
});

describe('sitemap.xml', () => {
  it('lists the page of every document and fact once', async () => {
    const facts = await Promise.all(
      factTypes.map(({ collection }) => followPages(app, `/v1/${collection}?limit=200`)),
    );
    const pages = facts.flat().map(({ links }) => links.html);
    expect(pages.length).toBeGreaterThan(100);
    expect((await listPages(app)).sort()).toEqual(pages.sort());
  });

  it('is well-formed, with the time of the last change, and revalidated', async () => {
    const { body, headers } = await get(app, '/sitemaps/1.xml');
    expect(body).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<urlset xmlns="[^"]+sitemap\/0.9">\n<url>/,
    );
    const { body: event } = await get(app, '/v1/events/war-in-ukraine');
    expect(body).toContain(
      `<url><loc>${PUBLIC_URL}/events/war-in-ukraine</loc><lastmod>${event.recordedAt}</lastmod></url>`,
    );
    const etag = headers['etag'] as string;
    expect((await get(app, '/sitemaps/1.xml', { 'if-none-match': etag })).status).toBe(304);
  });

  it('leaves out retracted facts, old ids and parts without facts', async () => {
    const store = await createStore();
    const changing = await createApp(store, { publicUrl: PUBLIC_URL });
    expect(await listPages(changing)).toEqual([]);
    const many = Array.from({ length: 5_000 }, (_, n) => ({ id: `meeting-${n}` }));
    await importInto(store, buildEventDossier(many, 'many'));
    await importInto(store, buildEventDossier([{ id: 'late' }], 'few'));
    expect((await listPages(changing)).length).toBe(5_003);
    expect((await get(changing, '/sitemaps/2.xml')).status).toBe(200);
    await removeDossier(store, 'many', { author: 'a tester', reason: 'a duplicate' });
    expect((await listPages(changing)).sort()).toEqual([
      `${PUBLIC_URL}/documents/few`,
      `${PUBLIC_URL}/events/late`,
    ]);
    expect((await get(changing, '/sitemaps/1.xml')).status).toBe(404);
    expect((await get(changing, '/sitemaps/99.xml')).status).toBe(404);
    for (const part of ['0', '-1', '1e3', 'x']) {
      expect([part, (await get(changing, `/sitemaps/${part}.xml`)).status]).toEqual([part, 400]);
    }
  });
});

describe('robots.txt', () => {
  it.each([
    '',
    '/facts',
  ])('allows facts and tables, not filters and past revisions (path %s)', async (path) => {
    const publicUrl = `https://news.example${path}`;
    const { body, headers } = await get(await createSeededApp({ publicUrl }), '/robots.txt');
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    const robots = parseRobots('https://news.example/robots.txt', body);
    expect(robots.getSitemaps()).toEqual([`${publicUrl}/sitemap.xml`]);
    const isAllowed = (url: string) => robots.isAllowed(publicUrl + url, 'Googlebot');
    for (const url of [
      '/',
      '/docs',
      '/explore',
      '/explore?collection=events',
      '/explore?collection=documents',
      '/events/war-in-ukraine',
      '/documents/brussels-2022-03-24',
      '/assets/base.css',
      '/v1/exports/summit-facts.sqlite',
      '/sitemaps/1.xml',
    ])
      expect([url, isAllowed(url)]).toEqual([url, true]);
    for (const url of [
      '/?asOf=1',
      '/events/war-in-ukraine?asOf=1',
      '/explore?collection=events&kind=war',
      '/explore?collection=events&asOf=2',
      '/explore?q=nato',
      '/documents/brussels-2022-03-24?start=1&end=9',
      '/embed/events/war-in-ukraine',
      '/v1/events/facets?by=kind',
      '/v1/events?cursor=abc',
      '/v1/events.csv?asOf=1',
    ])
      expect([url, isAllowed(url)]).toEqual([url, false]);
  });
});
