/** oEmbed cards: content, size and escaping. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { factTypes } from '../../../src/model/types/index.ts';
import type { Store } from '../../../src/store/open.ts';
import { createApp, createStore, get, importInto, type Json } from '../../support/app.ts';
import { buildDossierHistory } from '../../support/dossier-builder.ts';
import { parseMarkup } from '../../support/parse-markup.ts';
import { buildXssDossier, XSS_NAME, XSS_TITLE } from '../../support/xss-fixtures.ts';

const PUBLIC_URL = 'https://facts.example.org/summits';
const STATEMENT = '/statements/stoltenberg-use-of-chemical-weapons';

const createOembedUrl = (url: string, query = '') => `/oembed?url=${encodeURIComponent(url)}${query}`;

let store: Store;
let app: FastifyInstance;
beforeAll(async () => {
  store = await createStore();
  for (const files of [...buildDossierHistory(), buildXssDossier()]) await importInto(store, files);
  app = await createApp(store, { publicUrl: PUBLIC_URL });
});

async function fetchCard(url: string, query = ''): Promise<Json> {
  const { status, body } = await get(app, createOembedUrl(url, query));
  if (status !== 200) throw new Error(`${url} returned ${status}: ${JSON.stringify(body)}`);
  return body;
}

describe('the card of a statement', () => {
  it('has the quotation, the speaker, the source and a link to the fact', async () => {
    const { html, ...card } = await fetchCard(PUBLIC_URL + STATEMENT);
    expect(card).toMatchObject({
      version: '1.0',
      type: 'rich',
      title: expect.stringContaining('Jens Stoltenberg: Any use'),
      author_name: 'Jens Stoltenberg',
      provider_name: 'Summit Facts',
      provider_url: `${PUBLIC_URL}/`,
      width: 550,
      height: expect.any(Number),
      cache_age: expect.any(Number),
    });
    const { text, elements, attributes } = parseMarkup(html);
    expect(text).toContain('\u201cAny use of chemical weapons would fundamentally change');
    expect(text).toContain('severe consequences\u201d');
    expect(text).toContain('Jens Stoltenberg');
    expect(text).toContain('Biden joins NATO, EU leaders in show of unity against Russia, 2022-03-24');
    expect(text).toContain('Inferred, not stated: about, speakers');
    expect(elements).toContain('blockquote');
    expect(attributes.filter(({ name }) => name === 'href').map(({ value }) => value)).toEqual([
      PUBLIC_URL + STATEMENT,
    ]);
  });

  it('has no quotation marks around indirect speech', async () => {
    const { body } = await get(app, '/v1/statements?mode=indirect&limit=1');
    const [fact] = body.data;
    const { text } = parseMarkup((await fetchCard(fact.links.html)).html);
    expect(text).toContain(fact.text);
    expect(text).not.toContain('\u201c');
  });
});

describe('the card of any fact', () => {
  it('uses only a few elements and attributes', async () => {
    for (const { collection } of factTypes) {
      const { body } = await get(app, `/v1/${collection}?include=retracted&limit=200`);
      for (const { label, links, evidence = [], speakers } of body.data.slice(0, 12)) {
        const card = await fetchCard(links.html);
        expect(card.title).toBe(label);
        expect('author_name' in card).toBe((speakers ?? []).length > 0);
        const { text, elements, attributes } = parseMarkup(card.html);
        expect(['div', 'p', 'blockquote', 'bdi', 'cite', 'a']).toEqual(
          expect.arrayContaining([...new Set(elements)]),
        );
        expect(['style', 'class', 'dir', 'href', 'rel']).toEqual(
          expect.arrayContaining([...new Set(attributes.map(({ name }) => name))]),
        );
        if (collection !== 'statements') expect(text).toContain(label);
        if (evidence.length > 0) expect(text).toContain(evidence[0].document.label);
        expect(attributes.find(({ name }) => name === 'href')?.value).toBe(links.html);
        expect(card.html).not.toMatch(/url\(|expression|@import/);
      }
    }
  });

  it('starts with the notice of a retraction and its reason', async () => {
    const { text } = parseMarkup((await fetchCard('/people/biruta')).html);
    expect(text).toMatch(/^Retracted: Nobody knows her/);
    const cardBefore = parseMarkup((await fetchCard('/people/biruta?asOf=3')).html);
    expect(cardBefore.text).not.toContain('Retracted');
    expect(cardBefore.attributes.find(({ name }) => name === 'href')?.value).toBe(
      `${PUBLIC_URL}/people/biruta?asOf=3`,
    );
  });

  it('resolves a renamed fact by its new or old id', async () => {
    expect((await fetchCard(`${PUBLIC_URL}/people/ilze`)).html).toContain('/people/ilze-abele"');
    expect((await fetchCard('/people/ilze-abele?asOf=3')).html).toContain('/people/ilze?asOf=3"');
  });

  it('escapes all texts', async () => {
    const card = await fetchCard('/statements/hostile-words');
    const { text, elements, attributes } = parseMarkup(card.html);
    expect(elements).not.toContain('script');
    expect(elements).not.toContain('img');
    expect(attributes.filter(({ name }) => /^on|^src/.test(name))).toEqual([]);
    expect(attributes.filter(({ value }) => value.includes('javascript'))).toEqual([]);
    expect(text).toContain('</p></blockquote><script>alert("1")</script>&amp;');
    expect(text).toContain(XSS_NAME);
    expect(text).toContain(XSS_TITLE);
    expect(card.author_name).toBe(XSS_NAME);
    // Text direction marks do not affect the text around them.
    expect(card.html).toMatch(/<bdi>[^<]*\u202e[^<]*<\/bdi>/);
    expect(card.html).toMatch(/<blockquote [^>]*dir="auto"><p[^>]*>[^<]*\u202e[^<]*<\/p>/);
  });

  it('respects maxwidth and maxheight', async () => {
    const narrow = await fetchCard(STATEMENT, '&maxwidth=280');
    expect(narrow.width).toBe(280);
    expect(narrow.html).toContain('max-width:280px');
    const wide = await fetchCard(STATEMENT, '&maxwidth=2000');
    expect(wide.width).toBe(550);
    expect(narrow.height).toBeGreaterThan(wide.height);
    const low = await fetchCard(STATEMENT, '&maxheight=120');
    expect(low.height).toBe(120);
    expect(low.html).toContain('max-height:120px');
    expect(await fetchCard(STATEMENT, '&format=json')).toEqual(await fetchCard(STATEMENT));
  });
});

it.each([
  '/people/biruta/',
  '/people/biruta?utm_source=x',
  '/people/biruta?asOf=3&utm_source=x',
])('%s is accepted as a shared URL', async (url) => {
  const { status, body } = await get(app, `${createOembedUrl(url)}&dnt=1&maxwidth=150&maxheight=20000`);
  expect([status, body.width]).toEqual([200, 150]);
});

describe('parameters of consumers', () => {
  it.each([
    'lang=de',
    'lang=de&lang=fr',
    'asOf=1',
    'asOf=x&asOf=2&cursor=1&limit=0',
    'format=JSON',
    'omit_script=1&theme=dark&hide_thread=true',
    'callback=jsonp_1',
    'maxWidth=abc&max_height=-1&width=0',
    'dnt=yes',
    'dnt=',
    'format=',
    '_=1700000000&a[]=b&a[]=c',
  ])('%s change nothing', async (query) => {
    const { status, body } = await get(app, createOembedUrl(STATEMENT, `&${query}`));
    expect([status, body]).toEqual([200, (await get(app, createOembedUrl(STATEMENT))).body]);
  });

  it.each([
    '/v1/statements?',
    `/v1${STATEMENT}?`,
    `/v1${STATEMENT}/cite?`,
    `${STATEMENT}?`,
  ])('are rejected elsewhere: %s', async (url) => {
    expect((await get(app, `${url}lang=de`)).status).toBe(400);
  });

  it.each(['xml', 'XML', 'yaml', 'text/xml'])('format=%s gets a 501, as oEmbed requires', async (format) => {
    const { status, body } = await get(app, createOembedUrl(STATEMENT, `&format=${format}`));
    expect([status, body.code, body.title]).toEqual([501, 'format-not-supported', 'Not Implemented']);
    expect(body.detail).toBe(`format: only json is supported (given: "${format}")`);
    expect((await get(app, '/problems/format-not-supported')).status).toBe(200);
  });
});

it.each(['#history', '?utm_source=x#cite', '/#x', '/?asOf='])('a link that ends in %s', async (end) => {
  const expected = end.includes('asOf=') ? 400 : 200;
  expect((await get(app, createOembedUrl(`/people/ilze-abele${end}`))).status).toBe(expected);
});

it('links to the page of the fact at the requested revision', async () => {
  const { body } = await get(app, createOembedUrl('/people/biruta?asOf=3'));
  const [, link = ''] = /href="([^"]+)"/.exec(body.html) ?? [];
  const page = await get(app, link.replace(PUBLIC_URL, ''));
  expect([page.status, page.body]).toEqual([200, expect.stringContaining('This page shows revision 3')]);
});

describe('an invalid request', () => {
  it.each([
    ['maxwidth=119', 'maxwidth', 'between 120 and 1000000'],
    ['maxwidth=1.5', 'maxwidth', 'an integer'],
    ['maxheight=59', 'maxheight', 'between 60 and 1000000'],
    ['maxwidth=', 'maxwidth', 'an integer'],
    ['maxwidth=0', 'maxwidth', 'between 120 and 1000000'],
    ['maxwidth=abc', 'maxwidth', 'an integer'],
    ['maxheight=1e3', 'maxheight', 'an integer'],
    ['maxwidth=200&maxwidth=300', 'maxwidth', 'one value'],
  ])('%s returns a 400 with the allowed values', async (query, parameter, detail) => {
    const { status, body } = await get(app, createOembedUrl(STATEMENT, `&${query}`));
    expect([status, body.errors[0].parameter]).toEqual([400, parameter]);
    expect(body.errors[0].detail).toContain(detail);
  });

  it.each([
    ['https://evil.example/summits/people/ilze-abele', 404],
    [`//evil.example${STATEMENT}`, 404],
    [`https://facts.example.org${STATEMENT}`, 404],
    [`http://facts.example.org/summits${STATEMENT}`, 404],
    [`https://user@facts.example.org/summits${STATEMENT}`, 404],
    ['javascript:alert(1)', 404],
    [`${PUBLIC_URL}/v1${STATEMENT}`, 404],
    [`${PUBLIC_URL}/nowhere/some-id`, 404],
    [`${PUBLIC_URL}/people/Nobody%2F`, 404],
    ['/people/missing', 404],
    ['/people/biruta?asOf=2', 404],
    ['/people/biruta?asOf=x', 400],
    ['/people/biruta?asOf=99', 400],
    ['', 400],
  ])('rejects %s, which is not the page of a fact', async (url, expected) => {
    const { status, body } = await get(app, createOembedUrl(url));
    expect(status).toBe(expected);
    expect(body.code).toBe(expected === 404 ? 'not-found' : 'invalid-parameter');
  });
});

it('is linked by every fact, but not selected by Accept', async () => {
  const { headers } = await get(app, `/v1${STATEMENT}?asOf=2`);
  const [, named = ''] =
    /<([^>]+)>; rel="alternate"; type="application\/json\+oembed"/.exec(headers['link'] ?? '') ?? [];
  expect(named).toBe(PUBLIC_URL + createOembedUrl(`${PUBLIC_URL}${STATEMENT}?asOf=2`));
  expect((await get(app, named.slice(PUBLIC_URL.length))).body.title).toContain('Jens Stoltenberg');
  expect((await get(app, `/v1${STATEMENT}`, { accept: 'application/json+oembed' })).status).toBe(406);
});

it('takes a path that only begins with the same letters as that of the public URL', async () => {
  const other = await createApp(store, { publicUrl: 'https://facts.example.org/state' });
  expect((await get(other, createOembedUrl(STATEMENT))).status).toBe(200);
});

it('supports conditional requests and CORS, with an ETag per public URL', async () => {
  const first = await get(app, createOembedUrl(STATEMENT), { origin: 'https://blog.example' });
  expect(first.headers['access-control-allow-origin']).toBe('*');
  const etag = first.headers['etag'] as string;
  expect((await get(app, createOembedUrl(STATEMENT), { 'if-none-match': etag })).status).toBe(304);
  const elsewhere = await createApp(store, { publicUrl: 'https://other.example' });
  expect((await get(elsewhere, createOembedUrl(STATEMENT), { 'if-none-match': etag })).status).toBe(200);
});
