/** Tests in a real browser: the bundle on a page of another origin, and links to words. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createClient, type Evidence, textFragment } from '../dist/index.js';
import { hasChromium, startChromium } from './support/chromium.ts';
import { proxyTo } from './support/proxy.ts';

/** Exports of the bundle, as the page sees them. */
declare const summitFacts: typeof import('../dist/index.js');

const bundle = readFileSync(new URL('../dist/bundle.min.js', import.meta.url), 'utf8');
const client = createClient({ baseUrl: inject('url') });
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Responses of the site by path. */
const pages: Record<string, { type: string; body: string }> = {
  '/client.js': { type: 'text/javascript', body: bundle },
  '/empty': {
    type: 'text/html',
    body: `<!doctype html><title>Empty</title><script type="module">
      import * as summitFacts from '/client.js'; Object.assign(globalThis, { summitFacts });</script>`,
  },
};
const site = createServer(({ url = '' }, response) => {
  const { type = 'text/plain', body = '' } = pages[url] ?? {};
  response.writeHead(body ? 200 : 404, { 'content-type': `${type}; charset=utf-8` }).end(body);
});
let origin: string;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!hasChromium) return;
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  browser = await startChromium();
  page = await browser.newPage({ viewport: { width: 760, height: 1000 } });
});
afterAll(async () => {
  await browser?.close();
  site.close();
});

// `npm ci` installs no browser; CI does.
describe.skipIf(!hasChromium)('in Chromium', () => {
  test('the bundle lists and highlights, from another origin', async () => {
    await page.goto(`${origin}/empty`);
    const found = await page.evaluate(async (baseUrl) => {
      const { createClient, highlight } = summitFacts;
      const client = createClient({ baseUrl });
      const [text, statements] = await Promise.all([
        client.text('brussels-2022-03-24'),
        client.list('statements', { speaker: 'jens-stoltenberg', mode: 'direct', limit: 1 }).all(),
      ]);
      const evidence = statements.flatMap((statement) => statement.evidence);
      document.body.append(
        ...highlight(text, evidence).map((segment) => {
          const element = document.createElement(segment.evidence.length > 0 ? 'mark' : 'span');
          element.textContent = segment.text;
          return element;
        }),
      );
      const marked = [...document.querySelectorAll('mark')].map(({ textContent }) => textContent);
      const missing = await client.get('people', 'missing').catch((error) => [error.name, error.code]);
      return { text: document.body.textContent, marked, said: statements.map(({ text }) => text), missing };
    }, inject('url'));
    expect(found.text).toHaveLength(2789);
    expect(found.said.length).toBeGreaterThan(1);
    for (const words of found.said) expect(found.marked).toContain(words);
    expect(found.missing).toEqual(['ProblemError', 'not-found']);
  });

  test('the browser revalidates its own cache, and the cache of the client can be enabled', async () => {
    await using proxy = await proxyTo(inject('url'));
    await page.goto(`${origin}/empty`);
    const ask = (cache: boolean | undefined) =>
      page.evaluate(
        async ({ baseUrl, cache }) => {
          const client = summitFacts.createClient({ baseUrl, cache });
          const first = await client.list('people', { limit: 200 }).all();
          const second = await client.list('people', { limit: 200 }).all();
          return JSON.stringify(first) === JSON.stringify(second) && first.length;
        },
        { baseUrl: proxy.url, cache },
      );
    const told = () => proxy.seen.splice(0).map(({ method, status }) => `${method} ${status}`);
    expect(await ask(undefined)).toBeGreaterThan(1);
    expect(told()).toEqual(['GET 200', 'GET 304']);
    expect(await ask(true)).toBeGreaterThan(1);
    // A preflight request precedes the first request with the header.
    expect(told()).toEqual(['GET 304', 'OPTIONS 204', 'GET 304']);
  });

  describe('links to words', () => {
    /** Renders the text as a newsroom may: each line a paragraph, with other elements in between. */
    const article = (text: string) => `<!doctype html><title>Article</title><style>
      ::target-text { background: yellow; color: black } ::highlight(expected) { background: yellow; color: black }
      body { width: 700px; font: 12px sans-serif } p, figure { margin: 0 }</style><body><h1>News</h1>
      ${text
        .split('\n')
        .map((line) => `<p>${escaped(line)}</p><figure>Advertisement</figure>`)
        .join('')}`;

    /** Takes a screenshot of the page with the words that the browser highlights for the URL. */
    async function drawn(url: string): Promise<Buffer> {
      await page.goto('about:blank');
      await page.goto(url);
      return page.screenshot();
    }

    /** Takes a screenshot of the current page with a span highlighted, by its offsets in the text. */
    async function drawnWith({ start, end }: Evidence): Promise<Buffer> {
      await page.evaluate(
        ([start, end]) => {
          const range = new Range();
          let line = 0;
          for (const { firstChild } of document.querySelectorAll('p')) {
            const words = firstChild?.textContent ?? '';
            // The text of the first dossier is ASCII, so code points equal the UTF-16 units of a Range.
            if (firstChild && start >= line && start < line + words.length)
              range.setStart(firstChild, start - line);
            if (firstChild && end > line && end <= line + words.length) range.setEnd(firstChild, end - line);
            line += words.length + 1;
          }
          CSS.highlights.set('expected', new Highlight(range));
        },
        [start, end] as const,
      );
      return page.screenshot();
    }

    test('the browser highlights exactly the words of each span of evidence', async () => {
      const text = await client.text('brussels-2022-03-24');
      pages['/article'] = { type: 'text/html', body: article(text) };
      const types = ['statements', 'stances', 'battle-group-deployments'] as const;
      const evidence = new Map<string, Evidence>();
      for (const type of types) {
        for (const fact of await client.list(type).all()) {
          for (const span of fact.evidence) evidence.set(`${span.start}-${span.end}`, span);
        }
      }
      expect(evidence.size).toBeGreaterThan(40);
      const unmarked = await drawn(`${origin}/article`);
      const expected = new Map<Evidence, Buffer>();
      for (const span of evidence.values()) expected.set(span, await drawnWith(span));
      const wrong: string[] = [];
      for (const [span, words] of expected) {
        expect(words.equals(unmarked)).toBe(false);
        const url = textFragment(`${origin}/article`, span);
        const marked = await drawn(url);
        if (!marked.equals(words))
          wrong.push(`${marked.equals(unmarked) ? 'nothing' : 'other words'}: ${url}`);
      }
      expect(wrong).toEqual([]);
    }, 300_000);
  });
});
