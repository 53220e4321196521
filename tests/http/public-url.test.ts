import { gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config.ts';
import type { Store } from '../../src/store/open.ts';
import { createApp, createSeededStore, get } from '../support/app.ts';
import { download, openDownloadedDatabase, parseGzippedNdjson } from '../support/archive.ts';

describe('PUBLIC_URL', () => {
  it.each([
    ['http://host/facts?x=1', 'query'],
    ['http://host/?', 'query'],
    ['http://host/facts#top', 'fragment'],
    ['http://user@host/', 'user'],
    ['http://user:secret@host/facts', 'user'],
    ['http://host/my facts', 'spaces'],
    ['http://host/a\tb', 'spaces'],
    ['http://host/"quoted"', 'quotes'],
    ["http://host/it's", 'quotes'],
    ['http://host/<b>', 'quotes'],
    ['http://host//facts', 'empty path segment'],
    ['http://host\\facts', 'backslashes'],
    ['http://', 'http or https'],
    ['ftp://host/', 'http or https'],
    ['host/facts', 'http or https'],
    ['//host/facts', 'http or https'],
  ])('%s is refused', (url, reason) => {
    expect(() => readConfig({ PUBLIC_URL: url })).toThrow(new RegExp(`PUBLIC_URL=.*${reason}`));
  });

  it.each([
    ['https://host', 'https://host'],
    ['https://host/', 'https://host'],
    ['HTTP://Host:80/Facts//', 'http://host/Facts'],
    ['https://host:8443/a/b/', 'https://host:8443/a/b'],
    ['https://h\u00f6st/caf\u00e9', 'https://xn--hst-sna/caf%C3%A9'],
    ['http://[2001:db8::1]/x/../facts', 'http://[2001:db8::1]/facts'],
  ])('%s becomes %s', (url, expected) => {
    expect(readConfig({ PUBLIC_URL: url }).publicUrl).toBe(expected);
  });
});

/** Characters that mean something in replacements, in HTML and in YAML. */
const ODD_URL = 'https://news.example/a&copy=$&x;b,c[d]';

describe('links', () => {
  let store: Store;
  let apps: Record<string, FastifyInstance>;
  beforeAll(async () => {
    store = await createSeededStore();
    apps = {
      none: await createApp(store),
      root: await createApp(store, { publicUrl: 'https://news.example' }),
      path: await createApp(store, { publicUrl: 'https://news.example/facts' }),
      odd: await createApp(store, { publicUrl: ODD_URL }),
    };
  });

  it.each([
    ['none', ''],
    ['root', 'https://news.example'],
    ['path', 'https://news.example/facts'],
    ['odd', ODD_URL],
  ])('begin with the configured URL, or are paths (%s)', async (name, base) => {
    const app = apps[name] as FastifyInstance;
    const { body, headers } = await get(app, '/v1/events?limit=1');
    expect(body.links.self).toBe(`${base}/v1/events?limit=1`);
    expect(body.links.next.startsWith(`${base}/v1/events?cursor=`)).toBe(true);
    expect(body.data[0].links).toEqual({
      self: `${base}/v1/events/${body.data[0].id}`,
      html: `${base}/events/${body.data[0].id}`,
    });
    expect(headers['link']).toContain(`<${body.links.next}>; rel="next"`);
    // Cursors are valid whatever the public URL is.
    const next = await get(apps['none'] as FastifyInstance, body.links.next.slice(base.length));
    expect(next.status).toBe(200);
    const problem = await get(app, '/v1/events/missing?asOf=1');
    expect([problem.body.type, problem.body.instance]).toEqual([
      `${base}/problems/not-found`,
      `${base}/v1/events/missing?asOf=1`,
    ]);
    const line = await get(app, `/v1/events.ndjson?ids=${body.data[0].id}`);
    expect(JSON.parse(line.body).links).toEqual(body.data[0].links);
  });

  it('belong to the ETag, so that a client never keeps links of another URL', async () => {
    for (const url of [
      '/v1/events',
      '/v1/events/war-in-ukraine',
      '/v1/events.ndjson',
      '/v1/revisions',
      '/',
    ]) {
      const etags = await Promise.all(
        Object.values(apps).map(async (app) => (await get(app, url)).headers['etag']),
      );
      expect([url, new Set(etags).size]).toEqual([url, 4]);
    }
  });

  it('in texts of facts stay as they are', async () => {
    const app = apps['path'] as FastifyInstance;
    const { body } = await get(app, '/v1/documents/brussels-2022-03-24/text');
    expect(body).toBe(
      (await get(apps['none'] as FastifyInstance, '/v1/documents/brussels-2022-03-24/text')).body,
    );
  });

  it('of pages carry the path only, so that they stay on the host of the reader', async () => {
    const app = apps['path'] as FastifyInstance;
    for (const url of ['/', '/explore', '/events/war-in-ukraine', '/docs', '/embed/events/war-in-ukraine']) {
      const { body } = await get(app, url);
      const urls = [...body.matchAll(/ (?:href|src|action|data-url)="(\/[^"]*)"/g)].map(([, each]) => each);
      expect(urls.length).toBeGreaterThan(0);
      expect(urls.filter((each) => !each.startsWith('/facts/'))).toEqual([]);
    }
    const missing = await get(app, '/nothing', { accept: 'text/html' });
    expect([missing.status, missing.body]).toEqual([404, expect.stringContaining('href="/facts/explore"')]);
  });

  it('of pages escape the path', async () => {
    const { body } = await get(apps['odd'] as FastifyInstance, '/');
    const urls = [...body.matchAll(/ (?:href|src|action)="(\/[^"]*)"/g)].map(([, each]) => each);
    expect(urls.filter((each) => !each.startsWith('/a&amp;copy=$&amp;x;b,c[d]/'))).toEqual([]);
  });

  it.each([
    'openapi',
    'openapi-3.0',
  ])('of %s carry the URL in both formats, compressed or not', async (document) => {
    for (const [name, base] of [
      ['path', 'https://news.example/facts'],
      ['odd', ODD_URL],
    ] as const) {
      const app = apps[name] as FastifyInstance;
      const json = await app.inject(`/${document}.json`);
      const yaml = await app.inject(`/${document}.yaml`);
      expect(parse(yaml.body, { maxAliasCount: -1 })).toEqual(json.json());
      expect(json.json().servers[0].url).toBe(base);
      const { rawPayload } = await app.inject({
        url: `/${document}.json`,
        headers: { 'accept-encoding': 'gzip' },
      });
      expect(gunzipSync(rawPayload).toString()).toBe(json.body);
      const urls = [...json.body.matchAll(/"(?:instance|externalValue|type)":"([^"]*)"/g)].map(
        ([, each]) => each as string,
      );
      for (const [links] of json.body.matchAll(/(?<="links":)\{"[^{}]*\}/g))
        urls.push(...Object.values<string | null>(JSON.parse(links)).filter((each) => each !== null));
      expect(urls.filter((each) => each.startsWith(`${base}/`)).length).toBeGreaterThan(50);
      expect(urls.filter((each) => each.startsWith('/'))).toEqual([]);
    }
  });

  it('in the archives are those of the API', async () => {
    const app = apps['path'] as FastifyInstance;
    const database = openDownloadedDatabase(await download(app, '/v1/exports/summit-facts.sqlite'));
    const bodies = database.prepare('select body from fact').pluck().all() as string[];
    database.close();
    for (const body of bodies)
      expect(JSON.parse(body).links.self).toMatch(/^https:\/\/news\.example\/facts\/v1\//);
    const { id, type } = JSON.parse(bodies[0] as string);
    expect([id, type]).toEqual(['brussels-2022-03-24', 'document']);
    const { links } = (await get(app, `/v1/documents/${id}`)).body;
    expect(JSON.parse(bodies[0] as string).links).toEqual(links);
    const lines = parseGzippedNdjson(await download(app, '/v1/exports/summit-facts.ndjson.gz'));
    const facts = lines.filter(({ links, type }) => links && type !== 'revision');
    expect(facts.map((fact) => fact.links)).toEqual(bodies.map((body) => JSON.parse(body).links));
  });

  it('of redirects carry the path', async () => {
    for (const [url, location] of [
      ['/v1/events/', '/v1/events'],
      ['/events', '/explore?collection=events'],
    ] as const) {
      const { headers } = await (apps['path'] as FastifyInstance).inject({ url });
      expect(headers['location']).toBe(`/facts${location}`);
    }
  });

  it('in messages carry the path', async () => {
    const { body } = await get(apps['path'] as FastifyInstance, '/nothing');
    expect(body.detail).toBe('There is nothing at /facts/nothing; /facts/docs lists the paths of the API');
    const slash = await (apps['path'] as FastifyInstance).inject({
      method: 'PUT',
      url: '/v1/dossiers/riga/',
    });
    expect(slash.json().detail).toBe(
      'There is nothing at /facts/v1/dossiers/riga/: leave out the extra slash, as in /facts/v1/dossiers/riga',
    );
  });
});
