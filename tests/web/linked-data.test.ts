/** Linked data in pages, read by a JSON-LD processor in safe mode and without network access. */
import type { FastifyInstance } from 'fastify';
import jsonld from 'jsonld';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../src/model/types/index.ts';
import type { Store } from '../../src/store/open.ts';
import { createApp, createStore, get, importInto, type Json } from '../support/app.ts';
import { buildDossier, buildDossierHistory } from '../support/dossier-builder.ts';
import { fetchPage, findCspViolations } from '../support/html-page.ts';
import { buildXssDossier, XSS_TITLE } from '../support/xss-fixtures.ts';

const PUBLIC_URL = 'https://facts.example.org';

let store: Store;
let app: FastifyInstance;
beforeAll(async () => {
  store = await createStore();
  for (const files of [...buildDossierHistory(), buildXssDossier()]) await importInto(store, files);
  app = await createApp(store, { publicUrl: PUBLIC_URL });
});

/** Parts of schema.org's own context that matter for every term: the vocabulary and the aliases of keywords. */
const SCHEMA_ORG_CONTEXT = {
  '@context': {
    type: '@type',
    id: '@id',
    HTML: { '@id': 'rdf:HTML' },
    '@vocab': 'http://schema.org/',
    schema: 'http://schema.org/',
    rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
    dateModified: { '@id': 'schema:dateModified', '@type': 'schema:Date' },
    startDate: { '@id': 'schema:startDate', '@type': 'schema:Date' },
    url: { '@id': 'schema:url', '@type': '@id' },
    license: { '@id': 'schema:license', '@type': '@id' },
    contentUrl: { '@id': 'schema:contentUrl', '@type': '@id' },
  },
};

const expand = (document: object): Promise<Json[]> =>
  jsonld.expand(document, {
    safe: true,
    documentLoader: async (url) => {
      if (url === 'https://schema.org')
        return { contextUrl: undefined, documentUrl: url, document: SCHEMA_ORG_CONTEXT };
      if (!url.startsWith(`${PUBLIC_URL}/`)) throw new Error(`${url} must not be fetched`);
      return {
        contextUrl: undefined,
        documentUrl: url,
        document: (await get(app, url.slice(PUBLIC_URL.length))).body,
      };
    },
  });

async function readLinkedData(path: string, from = app): Promise<Json> {
  const page = await fetchPage(from, path);
  expect(findCspViolations(page)).toEqual([]);
  const blocks = page.root.querySelectorAll('script[type="application/ld+json"]');
  expect(blocks.length, path).toBeLessThanOrEqual(1);
  return blocks[0] ? JSON.parse(blocks[0].text) : null;
}

describe.each(factTypes)('pages of $collection', ({ collection }) => {
  it('name schema.org first, and say the same as the JSON-LD of the API', async () => {
    const { data } = (await get(app, `/v1/${collection}?include=retracted&limit=200`)).body;
    let count = 0;
    for (const { id, links, url } of data) {
      const found = await readLinkedData(links.html);
      // Pages of facts with very much evidence have none.
      if (!found) continue;
      count += 1;
      const [first, ownTerms, ...others] = found['@context'];
      expect([first, typeof ownTerms, others]).toEqual(['https://schema.org', 'object', []]);
      expect(await expand(found)).toEqual(
        await expand((await get(app, `/v1/${collection}/${id}.jsonld`)).body),
      );
      // Consumers that fetch no context know only the names of schema.org.
      expect(found.mainEntityOfPage).toBe(links.html);
      // The URL of a document is that of its publication, if it is known.
      expect(found.url).toBe(url ?? links.html);
      expect(found.name).toEqual(expect.any(String));
    }
    expect(count).toBeGreaterThan(0);
  });
});

describe('the home page', () => {
  const getNode = (data: Json, type: string) => data['@graph'].find((node: Json) => node['@type'] === type);

  it('describes the site with its search', async () => {
    const data = await readLinkedData('/');
    expect(data['@context']).toBe('https://schema.org');
    const site = getNode(data, 'WebSite');
    expect(site).toMatchObject({ name: 'Summit Facts', url: `${PUBLIC_URL}/` });
    const { target, 'query-input': input } = site.potentialAction;
    expect(input).toBe('required name=search_term_string');
    const url = target.urlTemplate.replace('{search_term_string}', 'Stoltenberg').slice(PUBLIC_URL.length);
    const results = await get(app, url);
    expect([results.status, results.body]).toEqual([200, expect.stringContaining('Jens Stoltenberg')]);
  });

  it('describes the facts as a dataset, whose links work', async () => {
    const dataset = getNode(await readLinkedData('/'), 'Dataset');
    const { meta } = (await get(app, '/v1/events')).body;
    expect(dataset).toMatchObject({
      name: 'Summit Facts',
      url: `${PUBLIC_URL}/`,
      license: expect.stringMatching(/^https:/),
      creator: { '@type': 'Organization', name: 'Summit Facts' },
      version: String(meta.revision),
      isAccessibleForFree: true,
    });
    // Search engines require 50 to 5000 characters.
    expect(dataset.description.length).toBeGreaterThan(50);
    const events = (await get(app, '/v1/events?limit=200')).body.data;
    const days = events
      .flatMap(({ startDate, endDate }: Json) => [startDate, endDate])
      .filter(Boolean)
      .sort();
    expect(dataset.temporalCoverage).toBe(`${days[0]}/${days.at(-1)}`);
    const countries = (await get(app, '/v1/countries?sort=label')).body.data;
    expect(dataset.spatialCoverage).toEqual(
      countries.map(({ label }: Json) => ({ '@type': 'Country', name: label })),
    );
    expect(dataset.isBasedOn.map(({ name }: Json) => name)).toContain(XSS_TITLE);
    for (const { url } of dataset.isBasedOn)
      expect((await get(app, url.slice(PUBLIC_URL.length))).status).toBe(200);
    expect(dataset.distribution).toHaveLength(2 + factTypes.length);
    for (const { contentUrl, encodingFormat } of dataset.distribution) {
      const { status, headers } = await get(app, contentUrl.slice(PUBLIC_URL.length));
      expect([status, headers['content-type']?.split(';')[0]]).toEqual([200, encodingFormat]);
    }
  });

  it('covers the days of events that have a first day only', async () => {
    const own = await createStore();
    const event = { type: 'event', kind: 'meeting', status: 'held', datePrecision: 'day' };
    const cite = (...days: string[]) => [
      { quote: 'They met.', supports: ['name', 'kind', 'status', ...days] },
    ];
    const facts = [
      {
        ...event,
        id: 'a',
        name: 'First',
        startDate: '2031-05-01',
        endDate: '2031-05-02',
        evidence: cite('startDate', 'endDate'),
      },
      { ...event, id: 'b', name: 'Second', startDate: '2031-05-04', evidence: cite('startDate') },
    ];
    await importInto(own, buildDossier({ id: 'd', source: 'They met.', facts }));
    const dataset = getNode(await readLinkedData('/', await createApp(own)), 'Dataset');
    expect(dataset.temporalCoverage).toBe('2031-05-01/2031-05-04');
  });

  it('is valid linked data', async () => {
    const nodes = await expand(await readLinkedData('/'));
    expect(nodes.flatMap((node) => node['@type'])).toEqual([
      'http://schema.org/WebSite',
      'http://schema.org/Dataset',
    ]);
    expect(nodes.map((node) => node['@id'])).toEqual([`${PUBLIC_URL}/#website`, `${PUBLIC_URL}/#dataset`]);
  });

  it('at an earlier revision describes that revision', async () => {
    const dataset = getNode(await readLinkedData('/?asOf=1'), 'Dataset');
    expect(dataset.version).toBe('1');
    for (const { contentUrl } of dataset.distribution) expect(contentUrl).toMatch(/\?asOf=1$/);
  });

  it('of an empty store is only a site, and of one document has no linked data', async () => {
    const empty = await createApp(await createStore(), { publicUrl: PUBLIC_URL });
    expect((await readLinkedData('/', empty))['@graph'].map((node: Json) => node['@type'])).toEqual([
      'WebSite',
    ]);
    expect(await readLinkedData('/?document=brussels-2022-03-24')).toBeNull();
  });
});
