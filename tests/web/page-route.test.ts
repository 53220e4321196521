/** Behavior that all pages share: validation, caching, errors, rate limits and metrics. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../src/lib/problem-details.ts';
import { factTypes } from '../../src/model/types/index.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import type { SlowQueryRunner } from '../../src/workers/slow-query-runner.ts';
import { createApp, createSeededStore, createStore, get, importInto } from '../support/app.ts';
import { buildDossier, buildDossierHistory } from '../support/dossier-builder.ts';
import {
  fetchPage,
  findCspViolations,
  findMalformedMarkup,
  getAttributes,
  getTexts,
  type HtmlPage,
} from '../support/html-page.ts';

const PAGES = [
  '/',
  '/explore',
  '/explore?collection=all&q=nato',
  ...factTypes.map(({ collection, exampleId }) => `/${collection}/${exampleId}`),
  ...factTypes.map(({ collection, exampleId }) => `/embed/${collection}/${exampleId}`),
];

let app: FastifyInstance;
beforeAll(async () => {
  app = await createApp(await createSeededStore());
});

describe.each(PAGES)('%s', (url) => {
  it('is HTML with a strict policy, one h1, unique ids, and existing assets', async () => {
    const page = await fetchPage(app, url);
    expect([page.status, page.headers['content-type'], findCspViolations(page)]).toEqual([
      200,
      'text/html; charset=utf-8',
      [],
    ]);
    expect(findMalformedMarkup(page.html)).toBeNull();
    expect(page.headers['content-security-policy']).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(page.root.querySelectorAll('h1').length).toBe(1);
    const files = [
      ...getAttributes(page, 'script[src]', 'src'),
      ...getAttributes(page, 'link[rel=stylesheet], link[rel=icon]', 'href'),
    ];
    for (const file of files) expect([file, (await get(app, file)).status]).toEqual([file, 200]);
    const ids = page.root.querySelectorAll('[id]').map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('returns 304 for a matching ETag', async () => {
    const { headers } = await fetchPage(app, url);
    const notModified = await fetchPage(app, url, { 'if-none-match': headers['etag'] as string });
    expect([notModified.status, notModified.html]).toEqual([304, '']);
    expect(headers['cache-control']).toBe('public, no-cache');
  });

  it('has no broken links', async () => {
    const page = await fetchPage(app, url);
    const links = new Set(
      getAttributes(page, 'a', 'href').map(
        (href) => new URL(href.replaceAll('&amp;', '&'), `http://localhost${url}`),
      ),
    );
    const inside = [...links]
      .filter(({ host }) => host === 'localhost')
      .map(({ pathname, search }) => pathname + search);
    // Links that differ only in numbers are checked once.
    const kinds = new Map(inside.map((link) => [link.replaceAll(/\d+/g, '0'), link]));
    for (const link of [...kinds.values()].slice(0, 60)) {
      const { status } = await get(app, link);
      expect([link, [200, 302].includes(status)]).toEqual([link, true]);
    }
  });
});

describe('a page', () => {
  it('changes immediately with a new revision', async () => {
    const store = await createSeededStore();
    const appBeforeImport = await createApp(store);
    const pageBefore = await fetchPage(appBeforeImport, '/documents/brussels-2022-03-24');
    await importInto(
      store,
      buildDossier({ source: 'Nothing.', uncovered: [{ quote: 'Nothing.', reason: 'Nothing in it' }] }),
    );
    const pageAfter = await fetchPage(appBeforeImport, '/documents/brussels-2022-03-24');
    expect(pageAfter.headers['etag']).not.toBe(pageBefore.headers['etag']);
    expect(getTexts(pageAfter, 'footer').join()).toContain('Revision 2');
    const pastPage = await fetchPage(appBeforeImport, '/documents/brussels-2022-03-24?asOf=1');
    expect(getTexts(pastPage, '.as-of').join()).toContain('This page shows revision 1');
  });

  it('links to pages at its own revision if it is historical, and otherwise to current pages', async () => {
    const store = await createStore();
    for (const dossier of buildDossierHistory()) await importInto(store, dossier);
    const eventful = await createApp(store);
    const findLinks = (page: HtmlPage) =>
      getAttributes(page, 'main a', 'href')
        .map((href) => href.replaceAll('&amp;', '&'))
        .filter((href) => /^(\?|\/(?!v1\/|docs|oembed))/.test(href));
    for (const url of [
      '/',
      '/explore?collection=events',
      '/events/war-in-ukraine',
      '/documents/brussels-2022-03-24',
    ]) {
      const pastLinks = findLinks(await fetchPage(eventful, `${url}${url.includes('?') ? '&' : '?'}asOf=1`));
      const [now, ...others] = pastLinks.filter((href) => !/[?&]asOf=1(#|&|$)/.test(href));
      expect([url, now, others]).toEqual([url, url, []]);
      expect(pastLinks.length).toBeGreaterThan(10);
      expect(
        findLinks(await fetchPage(eventful, url)).filter(
          (href) => /asOf=/.test(href) && !/asOf=\d+$/.test(href),
        ),
      ).toEqual([]);
    }
    const past = await fetchPage(eventful, '/events/war-in-ukraine?asOf=1');
    expect(getAttributes(past, 'form input[name=asOf]', 'value')).toEqual(['1']);
  });

  it('is not cached if data is temporarily missing', async () => {
    let busy = true;
    const slowQueryRunner: SlowQueryRunner = {
      minVersionCount: 0,
      warmUp() {},
      runQuery: async (_task, runInProcess) => {
        if (busy)
          throw new Problem('too-busy', 'The queue for slow queries is full.', [], { 'retry-after': '2' });
        return runInProcess();
      },
      openStream: async (_task, openInProcess) => openInProcess(),
      writeArchive: null,
      close: async () => {},
    };
    const full = await createApp(await createSeededStore(), { slowQueryRunner });
    const without = await fetchPage(full, '/explore?collection=events');
    expect([without.status, without.headers['etag'], without.headers['cache-control']]).toEqual([
      200,
      undefined,
      'no-store',
    ]);
    expect(without.root.querySelectorAll('.facet').length).toBe(0);
    busy = false;
    const fullPage = await fetchPage(full, '/explore?collection=events');
    expect([fullPage.status, fullPage.headers['cache-control']]).toEqual([200, 'public, no-cache']);
    expect(fullPage.root.querySelectorAll('.facet').length).toBeGreaterThan(2);
  });

  it('does not contain words of a redacted text', async () => {
    const store = await createSeededStore();
    const redacting = await createApp(store);
    const WORDS = [
      'blatant violation',
      'stop the war criminal',
      'still on the table',
      'repeatedly dismissed',
    ];
    const findPagesWith = async (words: string) => {
      const urls = [];
      for (const url of PAGES) if ((await fetchPage(redacting, url)).html.includes(words)) urls.push(url);
      return urls;
    };
    for (const words of WORDS) expect(await findPagesWith(words)).not.toEqual([]);
    await redactDocument(store, 'brussels-2022-03-24', { author: 'legal desk', reason: 'Court order' });
    for (const words of WORDS) expect([words, await findPagesWith(words)]).toEqual([words, []]);
  });

  it('counts as one request for the rate limit', async () => {
    const limited = await createApp(await createSeededStore(), { rateLimitPerMinute: 3 });
    const left = [];
    for (let n = 0; n < 4; n += 1) {
      const { status, headers } = await fetchPage(limited, `/documents/brussels-2022-03-24?start=${n}`);
      left.push([status, headers['ratelimit-remaining']]);
    }
    expect(left).toEqual([
      [200, '2'],
      [200, '1'],
      [200, '0'],
      [429, '0'],
    ]);
  });

  it('counts as one request in the metrics', async () => {
    const measuredApp = await createApp(await createSeededStore());
    await fetchPage(measuredApp, '/statements/kallas-stop-the-war-criminal');
    const { body } = await get(measuredApp, '/metrics');
    const counts = [
      ...body.matchAll(/^http_request_duration_seconds_count\{[^}]*route="([^"]+)"[^}]*\} (\d+)/gm),
    ];
    expect(counts.map(([, route, count]) => [route, count])).toEqual([['/statements/:id', '1']]);
  });

  it('redirects to its URL without tracking parameters and trailing slash', async () => {
    const { status, headers } = await fetchPage(app, '/explore?utm_source=x&collection=events&fbclid=1');
    expect([status, headers['location']]).toEqual([302, '/explore?collection=events']);
    const slash = await fetchPage(app, '/people/kaja-kallas/?asOf=1');
    expect([slash.status, slash.headers['location']]).toEqual([308, '/people/kaja-kallas?asOf=1']);
  });

  it.each(factTypes)('redirects from /$collection to the table of the collection', async ({ collection }) => {
    const { status, headers } = await fetchPage(app, `/${collection}?sort=id`);
    expect([status, headers['location']]).toEqual([302, `/explore?collection=${collection}&sort=id`]);
    const slash = await fetchPage(app, `/${collection}/?sort=id`);
    expect([slash.status, slash.headers['location']]).toEqual([308, `/${collection}?sort=id`]);
  });
});

describe('errors', () => {
  it.each([
    ['/events/nothing', 404, 'Event nothing not found in these sources'],
    ['/events/NOT-AN-ID', 400, 'lower-case letters'],
    ['/events/%3Cscript%3E', 400, 'lower-case letters'],
    ['/events/war-in-ukraine?nothing=1', 400, 'is not a parameter of this operation'],
    ['/events/war-in-ukraine?asOf=99', 400, 'must be a revision between 1 and 1'],
    ['/explore?status=nothing', 400, 'is not a parameter of this operation'],
    ['/explore?collection=events&status=nothing', 400, 'must be one of scheduled'],
    ['/explore?collection=events&fields=id', 400, 'is not a parameter of this operation'],
    ['/?document=%FF', 400, 'percent-encoded'],
    ['/nowhere/at/all', 404, 'There is nothing at'],
  ])('sends an error page for %s', async (url, status, words) => {
    const page = await fetchPage(app, url);
    expect([page.status, page.headers['content-type'], page.headers['cache-control']]).toEqual([
      status,
      'text/html; charset=utf-8',
      'no-store',
    ]);
    expect([page.headers['etag'], findCspViolations(page)]).toEqual([undefined, []]);
    expect(getTexts(page, '.problem').join()).toContain(words);
  });

  it('sends a problem document to other clients', async () => {
    for (const accept of ['*/*', 'application/json']) {
      const { status, headers, body } = await get(app, '/nowhere', { accept });
      expect([status, headers['content-type'], body.code]).toEqual([
        404,
        'application/problem+json; charset=utf-8',
        'no-such-route',
      ]);
    }
    const { headers } = await get(app, '/v1/nowhere', { accept: 'text/html' });
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  });
});

it('renders pages before the first import', async () => {
  const empty = await createApp(await createStore());
  for (const url of [
    '/',
    '/explore',
    ...factTypes.map(({ collection }) => `/explore?collection=${collection}`),
  ]) {
    const page = await fetchPage(empty, url);
    expect([url, page.status]).toEqual([url, 200]);
  }
});

it('has a color in both themes and a distinct pattern for every type', async () => {
  const stylesheets = ['/assets/common.css', '/assets/base.css'].map((url) => get(app, url));
  const css = (await Promise.all(stylesheets)).map(({ body }) => String(body)).join('\n');
  const patterns = factTypes.map(({ type }) => {
    expect([type, css.split(`\n  --${type}: #`).length + css.split(`\n    --${type}: #`).length - 2]).toEqual(
      [type, 2],
    );
    return /--pattern: ([^;]+);/.exec(css.split(`.type-${type} {`)[1] ?? '')?.[1];
  });
  expect(new Set(patterns).size).toBe(factTypes.length);
  expect(patterns).not.toContain(undefined);
});
