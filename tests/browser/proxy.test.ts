/** The server under a path of nginx, with the configuration of docs/OPERATIONS.md. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { parse } from 'node-html-parser';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { createApp, createStore, importInto, type Json } from '../support/app.ts';
import { visit } from '../support/browser.ts';
import { buildDossierHistory } from '../support/dossier-builder.ts';
import { createWriteKey } from '../support/dossier-client.ts';
import { findFreePort } from '../support/free-port.ts';
import { startNginx } from '../support/nginx.ts';

let app: FastifyInstance;
let publicUrl: string;
let cacheFolder: string;
let key: string;

beforeAll(async () => {
  const port = await findFreePort();
  publicUrl = `http://127.0.0.1:${port}/facts`;
  const store = await createStore();
  for (const dossier of buildDossierHistory()) await importInto(store, dossier);
  key = await createWriteKey(store);
  app = await createApp(store, { publicUrl });
  ({ cacheFolder } = await startNginx(port, await app.listen({ host: '127.0.0.1', port: 0 })));
});

const fetchPath = (path: string, init: RequestInit = {}) =>
  fetch(publicUrl + path, { redirect: 'manual', ...init });

/** Returns the URLs in a page, resolved as a browser does. */
function parseUrls(html: string, pageUrl: string): string[] {
  const elements = parse(html).querySelectorAll('[href], [src], [action], [data-url]');
  return elements
    .flatMap((element) => ['href', 'src', 'action', 'data-url'].map((name) => element.getAttribute(name)))
    .flatMap((value) => (value === undefined || value.startsWith('#') ? [] : [new URL(value, pageUrl).href]));
}

describe('pages', () => {
  it('link only to URLs under the path, which exist', async () => {
    const pending = ['/', '/explore?collection=events', '/docs', '/events/war-in-ukraine?asOf=1', '/nowhere'];
    const found = new Set(pending.map((path) => publicUrl + path));
    const linked = new Set<string>();
    for (const url of found) {
      const response = await fetch(url, { headers: { accept: 'text/html' } });
      expect([url, response.status]).toEqual([url, url.endsWith('/nowhere') ? 404 : 200]);
      const urls = parseUrls(await response.text(), url).filter((each) => !each.startsWith('https://'));
      expect(urls.length).toBeGreaterThan(4);
      for (const each of urls) linked.add(each.replace(/#.*/, ''));
      // The pages behind the first facts are enough; other tests visit all pages.
      const facts = urls.filter((each) => /\/facts\/(events|people|documents|embed)\/[^?]*$/.test(each));
      if (found.size < 20) for (const each of facts.slice(0, 5)) found.add(each);
    }
    expect(linked.size).toBeGreaterThan(100);
    for (const url of linked) {
      expect(url.startsWith(`${publicUrl}/`), url).toBe(true);
      const { status } = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html, */*' } });
      expect([url, [200, 307].includes(status)]).toEqual([url, true]);
    }
  });

  it('work in a browser', async () => {
    const { page, issues, responses } = await visit(`${publicUrl}/`);
    await page.click('header a:has-text("Explore")');
    await page.waitForURL(`${publicUrl}/explore`);
    await page.fill('.site-search input[type=search]', 'battle groups');
    await page.press('.site-search input[type=search]', 'Enter');
    await page.waitForURL(/\/facts\/explore\?/);
    await page.click('main a[href*="/facts/"]:not([href*="explore"]):not([href*="/v1/"])');
    await page.waitForURL(/\/facts\/[\w-]+\/[\w-]+/);
    expect(responses.filter((each) => each.status() >= 400).map((each) => each.url())).toEqual([]);
    expect(issues).toEqual([]);
  });

  it('send the examples of /docs, and load its operations', async () => {
    const { page, issues } = await visit(`${publicUrl}/docs`);
    await page.locator('#reference .tag').first().waitFor();
    await page.click('.question summary');
    await page.waitForSelector('.example-response pre a');
    const href = await page.getAttribute('.example-response pre a', 'href');
    expect(href).toMatch(new RegExp(`^${publicUrl}/v1/`));
    expect(issues).toEqual([]);
  });

  it('redirect to URLs under the path', async () => {
    for (const [path, status, location] of [
      ['/events', 302, '/explore?collection=events'],
      ['/events/war-in-ukraine/', 308, '/events/war-in-ukraine'],
      ['/?utm_source=x', 302, '/'],
    ] as const) {
      const response = await fetchPath(path, { headers: { accept: 'text/html' } });
      const target = new URL(response.headers.get('location') ?? '', response.url).href;
      expect([path, response.status, target]).toEqual([path, status, publicUrl + location]);
    }
  });
});

describe('the API', () => {
  it('has absolute links in every response, and in Link headers', async () => {
    const paths = [...app.operations.values()].flatMap(({ example }) =>
      typeof example === 'string' && !example.startsWith('/v1/exports') ? [example] : [],
    );
    const links = new Set<string>();
    const collectLinks = (value: Json): void => {
      if (value === null || typeof value !== 'object') return;
      for (const [name, child] of Object.entries(value)) {
        if (name === 'links')
          for (const url of Object.values(child as object)) if (url !== null) links.add(url);
        collectLinks(child);
      }
    };
    for (const path of paths) {
      const response = await fetchPath(path);
      expect([path, [200, 404, 401].includes(response.status)]).toEqual([path, true]);
      for (const [, url] of (response.headers.get('link') ?? '').matchAll(/<([^>]*)>/g))
        links.add(url as string);
      const text = await response.text();
      if (response.headers.get('content-type')?.startsWith('application/json'))
        collectLinks(JSON.parse(text));
      if (path.includes('.ndjson'))
        for (const line of text.trim().split('\n')) collectLinks(JSON.parse(line));
    }
    expect(links.size).toBeGreaterThan(200);
    for (const url of links) {
      expect(url.startsWith(`${publicUrl}/`), url).toBe(true);
      expect([url, (await fetch(url)).status]).toEqual([url, 200]);
    }
  });

  it('has absolute URLs in problems', async () => {
    for (const path of ['/v1/events?limit=0', '/v1/events/missing', '/v1/nothing', '/v1/events?q=%80']) {
      const { type, instance } = (await (await fetchPath(path)).json()) as Json;
      expect(instance).toBe(publicUrl + path);
      expect([type, (await fetch(type)).status]).toEqual([expect.stringContaining(publicUrl), 200]);
    }
  });

  it('redirects to other formats under the path', async () => {
    const response = await fetchPath('/v1/events?kind=war', { headers: { accept: 'text/csv' } });
    expect([response.status, response.headers.get('location')]).toEqual([
      307,
      '/facts/v1/events.csv?kind=war',
    ]);
  });

  it('names itself as the server in the OpenAPI documents', async () => {
    for (const name of ['openapi.yaml', 'openapi.json', 'openapi-3.0.yaml', 'openapi-3.0.json']) {
      const { servers } = parseYaml(await (await fetchPath(`/${name}`)).text(), { maxAliasCount: -1 });
      expect([name, servers]).toMatchObject([name, [{ url: publicUrl }]]);
    }
  });

  it('compresses through the proxy, whose ETag can be sent back', async () => {
    const { headers, status } = await fetchPath('/v1/events');
    expect([status, headers.get('content-encoding')]).toEqual([200, expect.stringMatching(/br|gzip/)]);
    const etag = String(headers.get('etag'));
    expect(etag).not.toMatch(/^W/);
    expect((await fetchPath('/v1/events', { headers: { 'if-none-match': etag } })).status).toBe(304);
    const dossier = await fetchPath('/v1/dossiers/brussels-2022-03-24');
    const body = (await dossier.json()) as Json;
    body.facts[0].name = undefined;
    const put = (ifMatch: string) =>
      fetchPath('/v1/dossiers/brussels-2022-03-24', {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'if-match': ifMatch,
        },
        body: JSON.stringify(body),
      });
    const dossierEtag = String(dossier.headers.get('etag'));
    expect((await put(dossierEtag)).status).toBe(422);
    expect((await put(`W/${dossierEtag}`)).status).toBe(412);
  });

  it('is cached by the proxy at past revisions only, until its files are deleted', async () => {
    const rmCachedFiles = () => {
      for (const name of readdirSync(cacheFolder)) rmSync(join(cacheFolder, name));
    };
    const fetchStatus = async (path: string) => {
      const response = await fetchPath(path, { headers: { 'accept-encoding': 'gzip' } });
      await response.arrayBuffer();
      return response.headers.get('x-cache-status');
    };
    const path = '/v1/people?asOf=1';
    const first = await fetchPath(path, { headers: { 'accept-encoding': 'gzip' } });
    const etag = String(first.headers.get('etag'));
    rmCachedFiles();
    // Neither a 304 nor a part of a response is stored.
    for (const [name, value] of [
      ['if-none-match', etag],
      ['range', 'bytes=0-9'],
    ] as const) {
      await (await fetchPath(path, { headers: { 'accept-encoding': 'gzip', [name]: value } })).arrayBuffer();
    }
    expect([await fetchStatus(path), await fetchStatus(path)]).toEqual(['MISS', 'HIT']);
    const headers = { 'accept-encoding': 'gzip', 'if-none-match': etag };
    expect((await fetchPath(path, { headers })).status).toBe(304);
    expect([await fetchStatus('/v1/people'), await fetchStatus('/v1/people')]).toEqual(['MISS', 'MISS']);
    rmCachedFiles();
    expect([await fetchStatus(path), await fetchStatus(path)]).toEqual(['MISS', 'HIT']);
  });
});
