import { expect, inject, test } from 'vitest';
import { type CachedAnswer, createClient, memoryCache } from '../dist/index.js';
import { answering, proxyTo } from './support/proxy.ts';
import { meetings, put, startServer } from './support/server.ts';

const statuses = (proxy: { seen: { status: number }[] }) => proxy.seen.map(({ status }) => status);

test('revalidates cached responses and returns them on 304', async () => {
  await using proxy = await proxyTo(inject('url'));
  const client = createClient({ baseUrl: proxy.url });
  const first = await client.list('events', { limit: 5 }).all();
  const pages = proxy.seen.length;
  const second = await client.list('events', { limit: 5 }).all();
  expect(second).toEqual(first);
  expect(statuses(proxy)).toEqual([...Array(pages).fill(200), ...Array(pages).fill(304)]);
  expect(proxy.seen[pages]?.headers['if-none-match']).toMatch(/^".+"$/);

  // GET shares the cache, and returns the original status and headers.
  const { data, response } = await client.GET('/v1/events', { params: { query: { limit: 5 } } });
  expect(statuses(proxy).at(-1)).toBe(304);
  expect(data?.data).toEqual(first.slice(0, 5));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch('application/json');
  expect(response.url).toBe(`${proxy.url}/v1/events?limit=5`);
});

test('texts are cached too, exports are not', async () => {
  await using proxy = await proxyTo(inject('url'));
  const client = createClient({ baseUrl: proxy.url });
  for (let time = 0; time < 2; time += 1) {
    await client.text('brussels-2022-03-24');
    await client.GET('/v1/people.csv', { parseAs: 'text' });
  }
  expect(statuses(proxy)).toEqual([200, 200, 304, 200]);
});

test('changed responses are sent again', async () => {
  const server = await startServer();
  try {
    const client = createClient({ baseUrl: server.url, key: server.key });
    const before = await client.list('events').all();
    await put(client, meetings('new', ['Aachen']));
    expect((await client.list('events').all()).map(({ id }) => id)).toEqual([
      'aachen',
      ...before.map(({ id }) => id),
    ]);
  } finally {
    await server.stop();
  }
});

test('the cache key consists of the URL, Accept, and the presence of an API key', async () => {
  await using proxy = await proxyTo(inject('url'));
  const cache = memoryCache();
  const open = createClient({ baseUrl: proxy.url, cache });
  const keyed = createClient({ baseUrl: proxy.url, cache, key: 'x'.repeat(40) });
  await open.text('brussels-2022-03-24');
  await keyed.text('brussels-2022-03-24');
  await open.GET('/v1/documents/{id}/text', {
    params: { path: { id: 'brussels-2022-03-24' } },
    headers: { accept: 'text/plain' },
    parseAs: 'text',
  });
  expect(proxy.seen.filter(({ headers }) => headers['if-none-match'])).toEqual([]);
  await open.text('brussels-2022-03-24');
  expect(statuses(proxy)).toEqual([200, 200, 200, 304]);
});

test('can be disabled, and ignores requests with If-None-Match', async () => {
  await using proxy = await proxyTo(inject('url'));
  const off = createClient({ baseUrl: proxy.url, cache: false });
  await off.list('people').all();
  await off.list('people').all();
  expect(statuses(proxy)).toEqual([200, 200]);

  const on = createClient({ baseUrl: proxy.url });
  const { response } = await on.GET('/v1/people');
  const conditional = { headers: { 'if-none-match': response.headers.get('etag') ?? '' } };
  expect((await on.GET('/v1/people', conditional)).response.status).toBe(304);
});

test('problems are not cached', async () => {
  await using proxy = await proxyTo(inject('url'));
  const client = createClient({ baseUrl: proxy.url });
  proxy.instead.push(answering(404, { etag: '"x"', 'content-type': 'application/json' }, '{}'));
  await expect(client.get('people', 'jens-stoltenberg')).rejects.toThrow();
  await expect(client.get('people', 'jens-stoltenberg')).resolves.toMatchObject({ id: 'jens-stoltenberg' });
  expect(statuses(proxy)).toEqual([404, 200]);
});

test('works with a custom store that serializes responses as JSON', async () => {
  await using proxy = await proxyTo(inject('url'));
  const kept = new Map<string, string>();
  const cache = {
    get: async (key: string) => JSON.parse(kept.get(key) ?? 'null') ?? undefined,
    set: async (key: string, answer: CachedAnswer) => kept.set(key, JSON.stringify(answer)),
  };
  const first = await createClient({ baseUrl: proxy.url, cache }).get('people', 'jens-stoltenberg');
  expect([...kept.keys()]).toEqual([`${proxy.url}/v1/people/jens-stoltenberg */* open`]);
  const second = await createClient({ baseUrl: proxy.url, cache }).get('people', 'jens-stoltenberg');
  expect(second).toEqual(first);
  expect(statuses(proxy)).toEqual([200, 304]);
});

test('the store in memory evicts the least recently used, and rejects a response beyond its limit', () => {
  const answer = (characters: number): CachedAnswer => ({
    etag: '"x"',
    headers: [],
    body: 'x'.repeat(characters),
  });
  const cache = memoryCache({ maxCharacters: 30 });
  cache.set('a', answer(9));
  cache.set('b', answer(9));
  cache.set('c', answer(9));
  expect(cache.get('a')).toBeDefined();
  cache.set('d', answer(9));
  expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true, true]);
  cache.set('e', answer(30));
  expect(cache.get('e')).toBeUndefined();
  expect(cache.get('a')).toBeDefined();
  // A replaced response counts once.
  cache.set('a', answer(9));
  cache.set('a', answer(9));
  expect(cache.get('c')).toBeDefined();
  // A response that is now too large also removes its previous version.
  cache.set('a', answer(30));
  expect(cache.get('a')).toBeUndefined();
});
