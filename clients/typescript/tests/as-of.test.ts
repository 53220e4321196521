import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Client, createClient } from '../dist/index.js';
import { dossierOf, put, REPOSITORY, startServer, type TestServer } from './support/server.ts';

const ROUND = 'eu-on-russia-5';
let server: TestServer;
let client: Client;
let between: Date;

beforeAll(async () => {
  server = await startServer();
  client = createClient({ baseUrl: server.url, key: server.key });
  between = new Date();
  await new Promise((wake) => setTimeout(wake, 20));
  await put(client, dossierOf('developing-2022-04-09'));
});
afterAll(() => server.stop());

const status = async (asked: Client, parameters = {}) =>
  (await asked.get('sanctions-rounds', ROUND, parameters)).status;

test('applies to every request that the client reads with', async () => {
  expect(await status(client)).toBe('adopted');
  const then = client.asOf(1);
  expect(await status(then)).toBe('under-discussion');
  expect((await then.list('documents').all()).map(({ id }) => id)).toEqual(['brussels-2022-03-24']);
  for await (const page of then.list('events', { limit: 5 }).pages()) expect(page.meta.revision).toBe(1);
  expect(await then.search('adopted').all()).not.toEqual(await client.search('adopted').all());
  expect((await then.versions('sanctions-rounds', ROUND).all()).map(({ version }) => version)).toEqual([1]);
  expect(await then.list('changes').all()).toHaveLength(101);
  expect((await then.facets('documents', { by: 'language' })).data[0]?.values[0]?.count).toBe(1);
  await expect(then.text('developing-2022-04-09')).rejects.toMatchObject({ code: 'not-found' });
  const { data } = await then.GET('/v1/sanctions-rounds/{id}', { params: { path: { id: ROUND } } });
  expect(data?.status).toBe('under-discussion');
  // The original client has not changed.
  expect(await status(client)).toBe('adopted');
});

test('accepts revisions and instants', async () => {
  expect(await status(client.asOf(2))).toBe('adopted');
  expect(await status(client.asOf(between))).toBe('under-discussion');
  expect(await status(client.asOf(between.toISOString()))).toBe('under-discussion');
  expect(await status(createClient({ baseUrl: server.url, asOf: 1 }))).toBe('under-discussion');
  await expect(status(client.asOf(99))).rejects.toMatchObject({ code: 'invalid-parameter' });
});

test("a call's own asOf overrides it, unless it is undefined", async () => {
  const then = client.asOf(1);
  expect(await status(then, { asOf: 2 })).toBe('adopted');
  expect(await status(then, { asOf: undefined })).toBe('under-discussion');
  expect(await status(then.asOf(2))).toBe('adopted');
  const { data } = await then.GET('/v1/sanctions-rounds/{id}', {
    params: { path: { id: ROUND }, query: { asOf: '2' } },
  });
  expect(data?.status).toBe('adopted');
});

test('is sent only to the operations that support it', async () => {
  const { paths, components } = parse(readFileSync(join(REPOSITORY, 'openapi.yaml'), 'utf8'));
  const nameOf = ({ $ref, name }: { $ref?: string; name?: string }) =>
    $ref ? components.parameters[$ref.split('/').pop() ?? ''].name : name;
  const reads = Object.entries<{ get?: { parameters?: object[] } }>(paths).filter(([, { get }]) => get);
  expect(reads.length).toBeGreaterThan(100);

  const sent: string[] = [];
  const fetch = async ({ url }: Request) => {
    if (new URL(url).searchParams.get('asOf') === '1') sent.push(new URL(url).pathname);
    return Response.json({});
  };
  const then = createClient({ baseUrl: server.url, fetch, asOf: 1 });
  for (const [path] of reads) await then.GET(path as '/healthz');
  const taking = reads.filter(([, { get }]) => get?.parameters?.map(nameOf).includes('asOf'));
  expect(sent.map(decodeURIComponent)).toEqual(taking.map(([path]) => path));
});
