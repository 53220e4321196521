/** Parts of archives: resumed downloads, and reads of single pages of the SQLite file. */
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import BetterSqlite3 from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseByteRange } from '../../../src/http/byte-range.ts';
import type { Store } from '../../../src/store/open.ts';
import { createApp, createSeededStore, importInto } from '../../support/app.ts';
import { type Download, download } from '../../support/archive.ts';
import { buildEventDossier } from '../../support/dossier-builder.ts';

const SQLITE_URL = '/v1/exports/summit-facts.sqlite';
const URLS = [SQLITE_URL, '/v1/exports/summit-facts.ndjson.gz', `${SQLITE_URL}?asOf=1`];

let store: Store;
let app: FastifyInstance;
const files = new Map<string, Download>();
beforeAll(async () => {
  store = await createSeededStore();
  app = await createApp(store);
  for (const url of URLS) files.set(url, await download(app, url));
});

const getFile = (url: string) => files.get(url) as Download;

describe.each(URLS)('%s', (url) => {
  it.each([
    ['bytes=0-99', (size: number) => [0, Math.min(99, size - 1)]],
    ['bytes=100-100', () => [100, 100]],
    ['bytes=1-', (size: number) => [1, size - 1]],
    ['bytes=-16', (size: number) => [size - 16, size - 1]],
    ['bytes=-999999999', (size: number) => [0, size - 1]],
    ['bytes=5-999999999999999999999', (size: number) => [5, size - 1]],
    ['BYTES= 3-4 ', () => [3, 4]],
  ])('has a part for %s', async (range, getEnds) => {
    const { headers, bytes } = getFile(url);
    const [first, last] = getEnds(bytes.length) as [number, number];
    const part = await download(app, url, { range });
    expect([part.status, part.headers['content-range']]).toEqual([
      206,
      `bytes ${first}-${last}/${bytes.length}`,
    ]);
    expect(part.headers['content-length']).toBe(String(last - first + 1));
    expect(part.bytes.equals(bytes.subarray(first, last + 1))).toBe(true);
    for (const name of [
      'etag',
      'last-modified',
      'repr-digest',
      'accept-ranges',
      'content-type',
      'content-disposition',
    ])
      expect([name, part.headers[name]]).toEqual([name, headers[name]]);
    expect(part.headers['accept-ranges']).toBe('bytes');
  });

  it.each([
    'bytes=0-1,4-5',
    'bytes=9-3',
    'bytes=-',
    'bytes=a-b',
    'bytes=1-2-3',
    'lines=0-9',
    'bytes',
    '0-9',
  ])('is sent whole for %s', async (range) => {
    const whole = await download(app, url, { range });
    expect([whole.status, whole.headers['content-range']]).toEqual([200, undefined]);
    expect(whole.bytes.equals(getFile(url).bytes)).toBe(true);
  });

  it('gets a 416 with its length for a range after its end', async () => {
    const { bytes } = getFile(url);
    for (const range of [`bytes=${bytes.length}-`, 'bytes=999999999-', 'bytes=-0']) {
      const { status, headers, bytes: body } = await download(app, url, { range });
      expect([status, headers['content-range']]).toEqual([416, `bytes */${bytes.length}`]);
      expect(JSON.parse(body.toString())).toMatchObject({
        code: 'range-not-satisfiable',
        title: 'Range Not Satisfiable',
      });
    }
  });

  it('has a part only for the ETag in If-Range', async () => {
    const { headers, bytes } = getFile(url);
    const etag = headers['etag'] as string;
    const request = (ifRange: string) => download(app, url, { range: 'bytes=10-19', 'if-range': ifRange });
    expect((await request(etag)).bytes.equals(bytes.subarray(10, 20))).toBe(true);
    for (const other of [
      `W/${etag}`,
      '"other"',
      headers['last-modified'] as string,
      etag.slice(1, -1),
      '*',
    ]) {
      const { status, bytes: body } = await request(other);
      expect([other, status, body.length]).toEqual([other, 200, bytes.length]);
    }
  });

  it('is 304 before a range is considered', async () => {
    const etag = getFile(url).headers['etag'] as string;
    expect((await download(app, url, { range: 'bytes=0-9', 'if-none-match': etag })).status).toBe(304);
    expect((await download(app, url, { range: 'bytes=0-9', 'if-none-match': '"other"' })).status).toBe(206);
  });

  it('answers HEAD with the length of the whole file', async () => {
    const { statusCode, headers } = await app.inject({
      method: 'HEAD',
      url,
      headers: { range: 'bytes=0-9' },
    });
    const { bytes } = getFile(url);
    expect([
      statusCode,
      headers['content-length'],
      headers['accept-ranges'],
      headers['content-range'],
    ]).toEqual([200, String(bytes.length), 'bytes', undefined]);
  });
});

describe('a download', () => {
  /** Reads at most `limit` bytes of a response, and then breaks the connection. */
  async function readBytes(url: string, headers: Record<string, string>, limit = Number.POSITIVE_INFINITY) {
    const controller = new AbortController();
    const response = await fetch(url, { headers, signal: controller.signal });
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      chunks.push(Buffer.from(chunk));
      length += chunk.length;
      if (length >= limit) break;
    }
    controller.abort();
    return {
      status: response.status,
      etag: response.headers.get('etag') as string,
      bytes: Buffer.concat(chunks),
    };
  }

  const listen = async (target: FastifyInstance) => {
    await target.listen({ port: 0, host: '127.0.0.1' });
    return `http://127.0.0.1:${(target.server.address() as AddressInfo).port}`;
  };

  it('that was cut off is resumed, also from another server of the same store', async () => {
    const [first, second] = [
      await createApp(store, { publicUrl: 'https://a.example' }),
      await createApp(store, { publicUrl: 'https://a.example' }),
    ];
    const urls = [await listen(first), await listen(second)];
    const start = await readBytes(urls[0] + SQLITE_URL, {}, 70_000);
    let file = start.bytes.subarray(0, 70_000);
    expect(start.status).toBe(200);
    for (let part = 1; ; part += 1) {
      const { status, bytes } = await readBytes(
        urls[part % 2] + SQLITE_URL,
        { range: `bytes=${file.length}-`, 'if-range': start.etag },
        200_000,
      );
      if (status === 416) break;
      expect(status).toBe(206);
      file = Buffer.concat([file, bytes]);
    }
    expect(file.equals((await download(first, SQLITE_URL)).bytes)).toBe(true);
    const database = new BetterSqlite3(file, { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  });

  it('starts again after an import, so that it never mixes two revisions', async () => {
    const changing = await createSeededStore();
    const server = await createApp(changing);
    const url = (await listen(server)) + URLS[1];
    const start = await readBytes(url, { range: 'bytes=0-999' });
    await importInto(changing, buildEventDossier([{ id: 'later' }]));
    const rest = await readBytes(url, { range: 'bytes=1000-', 'if-range': start.etag });
    expect(rest.status).toBe(200);
    expect(gunzipSync(rest.bytes).toString()).toContain('"id":"later"');
  });

  it('of parts at once, in any order, is the file', async () => {
    const { bytes } = getFile(SQLITE_URL);
    const size = 40_000;
    const starts = Array.from(
      { length: Math.ceil(bytes.length / size) },
      (_, index) => index * size,
    ).reverse();
    const parts = await Promise.all(
      starts.map((start) => download(app, SQLITE_URL, { range: `bytes=${start}-${start + size - 1}` })),
    );
    expect(Buffer.concat(parts.toReversed().map((part) => part.bytes)).equals(bytes)).toBe(true);
  });
});

it('ranges of a file without bytes are never satisfiable', () => {
  expect(parseByteRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(parseByteRange('bytes=-1', 0)).toBe('unsatisfiable');
});

it('exports that are streamed are sent whole, because their length is unknown', async () => {
  const { statusCode, headers } = await app.inject({
    url: '/v1/events.csv',
    headers: { range: 'bytes=0-9' },
  });
  expect([statusCode, headers['accept-ranges'], headers['content-range']]).toEqual([
    200,
    undefined,
    undefined,
  ]);
});
