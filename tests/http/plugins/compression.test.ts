import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createApp, createSeededStore } from '../../support/app.ts';

let app: FastifyInstance;
let uncached: FastifyInstance;
beforeAll(async () => {
  const store = await createSeededStore();
  app = await createApp(store);
  uncached = await createApp(store, { cacheMaxBytes: 0 });
});

const decompress: Record<string, (bytes: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
};

const request = (url: string, headers: Record<string, string> = {}, target = app) =>
  target.inject({ url, headers });

/** JSON, static files of both kinds, a page, streams, a list from the cache, and a problem. */
const URLS = [
  '/v1/events',
  '/v1/events/war-in-ukraine',
  '/v1/events.csv',
  '/v1/statements.ndjson',
  '/v1/statements.atom',
  '/v1/events.ics',
  '/v1/events.geojson',
  '/v1/events.jsonld',
  '/v1/documents/brussels-2022-03-24/text',
  '/openapi.json',
  '/openapi.yaml',
  '/docs',
  '/docs/assets/swagger-ui-bundle.js',
  '/docs/assets/icon.svg',
  '/assets/base.css',
  '/',
  '/explore?collection=events',
  '/sitemaps/1.xml',
];

describe('a compressed response', () => {
  it.each(URLS)('of %s has the same content, its own ETag, and Vary', async (url) => {
    for (const target of [uncached, app, app]) {
      const plain = await request(url, {}, target);
      expect(plain.statusCode).toBe(200);
      expect(plain.headers['content-encoding']).toBeUndefined();
      expect(String(plain.headers['vary'])).toContain('Accept-Encoding');
      const etags = new Set([plain.headers['etag']]);
      for (const encoding of ['br', 'gzip']) {
        const compressed = await request(url, { 'accept-encoding': encoding }, target);
        expect([url, compressed.statusCode]).toEqual([url, 200]);
        if (plain.rawPayload.length < 1_024) {
          expect(compressed.rawPayload).toEqual(plain.rawPayload);
          continue;
        }
        const {
          vary,
          'content-encoding': used,
          'content-type': type,
          'content-length': length,
        } = compressed.headers;
        expect([used, type, vary]).toEqual([encoding, plain.headers['content-type'], plain.headers['vary']]);
        expect(decompress[encoding]?.(compressed.rawPayload)).toEqual(plain.rawPayload);
        expect(compressed.rawPayload.length).toBeLessThan(plain.rawPayload.length * 0.7);
        if (length !== undefined) expect(Number(length)).toBe(compressed.rawPayload.length);
        etags.add(compressed.headers['etag']);
        const known = { 'accept-encoding': encoding, 'if-none-match': String(compressed.headers['etag']) };
        const notModified = await request(url, known, target);
        expect([notModified.statusCode, notModified.headers['etag'], notModified.rawPayload.length]).toEqual([
          304,
          compressed.headers['etag'],
          0,
        ]);
        expect(notModified.headers['content-encoding']).toBeUndefined();
        expect(String(notModified.headers['vary'])).toContain('Accept-Encoding');
        // A client that stored another encoding before need not read the response again.
        const other = { 'accept-encoding': encoding, 'if-none-match': String(plain.headers['etag']) };
        expect((await request(url, other, target)).statusCode).toBe(304);
        const head = await target.inject({ method: 'HEAD', url, headers: { 'accept-encoding': encoding } });
        expect([head.statusCode, head.headers['content-encoding'], head.headers['etag'], head.body]).toEqual([
          200,
          encoding,
          compressed.headers['etag'],
          '',
        ]);
      }
      if (plain.rawPayload.length >= 1_024) expect(etags.size).toBe(3);
    }
  });

  it('is not sent for archives, small responses and types that do not shrink', async () => {
    for (const url of ['/v1/exports/summit-facts.ndjson.gz', '/v1/exports/summit-facts.sqlite', '/healthz']) {
      const { headers } = await request(url, { 'accept-encoding': 'gzip, br' });
      expect([url, headers['content-encoding']]).toEqual([url, undefined]);
    }
  });

  it('is sent for a problem with many errors', async () => {
    const query = Array.from({ length: 40 }, (_, n) => `unknown${n}=1`).join('&');
    const response = await request(`/v1/events?${query}`, { 'accept-encoding': 'gzip' });
    expect([response.statusCode, response.headers['content-encoding']]).toEqual([400, 'gzip']);
    expect(JSON.parse(gunzipSync(response.rawPayload).toString()).errors.length).toBe(40);
  });
});

describe('Accept-Encoding', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['identity', undefined],
    ['deflate, zstd', undefined],
    ['gzip;q=0, br;q=0', undefined],
    ['*;q=0', undefined],
    ['identity, gzip;q=0.5', undefined],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
  ])('%s selects %s', async (accepted, encoding) => {
    const headers = accepted === undefined ? {} : { 'accept-encoding': accepted };
    for (const target of [uncached, app]) {
      const response = await request('/v1/events', headers as Record<string, string>, target);
      expect([response.statusCode, response.headers['content-encoding']]).toEqual([200, encoding]);
    }
  });
});
