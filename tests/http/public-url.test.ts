import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { Store } from '../../src/store/open.ts';
import { createApp, createSeededStore, get } from '../support/app.ts';

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

describe('links', () => {
  let store: Store;
  let apps: Record<string, FastifyInstance>;
  beforeAll(async () => {
    store = await createSeededStore();
    apps = {
      none: await createApp(store),
      root: await createApp(store, { publicUrl: 'https://news.example' }),
      path: await createApp(store, { publicUrl: 'https://news.example/facts' }),
    };
  });

  it.each([
    ['none', ''],
    ['root', 'https://news.example'],
    ['path', 'https://news.example/facts'],
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
    const problem = await get(app, '/v1/events/nobody?asOf=1');
    expect([problem.body.type, problem.body.instance]).toEqual([
      `${base}/problems/not-found`,
      `${base}/v1/events/nobody?asOf=1`,
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
      expect([url, new Set(etags).size]).toEqual([url, 3]);
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
});
