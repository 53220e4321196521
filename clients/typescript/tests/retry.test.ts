import { expect, inject, test } from 'vitest';
import { createClient, ProblemError } from '../dist/index.js';
import { retryAfterSeconds, retryDelayMs } from '../dist/retry.js';
import { answering, cutting, proxyTo } from './support/proxy.ts';

const statuses = (proxy: { seen: { status: number }[] }) => proxy.seen.map(({ status }) => status);

test('retries on 429 and 503, not before the time in Retry-After', async () => {
  await using proxy = await proxyTo(inject('url'));
  proxy.instead.push(answering(429, { 'retry-after': '1' }), (response, request) => {
    const inTwoSeconds = new Date(Date.now() + 2_000).toUTCString();
    answering(503, { 'retry-after': inTwoSeconds })(response, request);
  });
  const person = await createClient({ baseUrl: proxy.url }).get('people', 'jens-stoltenberg');
  expect(person.name).toBe('Jens Stoltenberg');
  expect(statuses(proxy)).toEqual([429, 503, 200]);
  const [first = 0, second = 0, third = 0] = proxy.seen.map(({ at }) => at);
  expect(second - first).toBeGreaterThan(990);
  // Dates have no fractions of a second, so one of the two seconds may seem to have passed.
  expect(third - second).toBeGreaterThan(990);
});

test('retries after a network failure, also in the middle of a body', async () => {
  await using proxy = await proxyTo(inject('url'));
  proxy.instead.push(cutting, (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"data": [', () => response.destroy());
  });
  const people = await createClient({ baseUrl: proxy.url, cache: false }).list('people').all();
  expect(people.length).toBeGreaterThan(1);
  expect(statuses(proxy)).toEqual([0, 0, 200]);
});

test('gives up after the maximum number of retries', async () => {
  await using proxy = await proxyTo(inject('url'));
  const refusal = answering(503, { 'retry-after': '0' }, 'busy');
  proxy.instead.push(refusal, refusal, refusal);
  const client = createClient({ baseUrl: proxy.url, retries: 2 });
  const error = await client.get('people', 'jens-stoltenberg').catch((thrown) => thrown);
  expect(error).toBeInstanceOf(ProblemError);
  expect(error).toMatchObject({ status: 503, retryAfter: 0 });
  expect(statuses(proxy)).toEqual([503, 503, 503]);

  proxy.instead.push(cutting);
  const once = createClient({ baseUrl: proxy.url, retries: 0 });
  await expect(once.get('people', 'jens-stoltenberg')).rejects.toThrow(TypeError);
  expect(proxy.seen).toHaveLength(4);
});

test('does not wait longer than the maximum delay', async () => {
  await using proxy = await proxyTo(inject('url'));
  proxy.instead.push(answering(429, { 'retry-after': '61' }));
  const refused = createClient({ baseUrl: proxy.url }).get('people', 'jens-stoltenberg');
  await expect(refused).rejects.toMatchObject({ status: 429, retryAfter: 61 });
  expect(statuses(proxy)).toEqual([429]);
});

test('does not retry on other statuses', async () => {
  await using proxy = await proxyTo(inject('url'));
  proxy.instead.push(answering(500), answering(502));
  const client = createClient({ baseUrl: proxy.url });
  await expect(client.list('people').all()).rejects.toMatchObject({ status: 500 });
  await expect(client.list('people').all()).rejects.toMatchObject({ status: 502 });
  await expect(client.get('people', 'missing')).rejects.toMatchObject({ status: 404 });
  expect(statuses(proxy)).toEqual([500, 502, 404]);
});

test('retries a write with its body if it was rejected, but not if its response was lost', async () => {
  await using proxy = await proxyTo(inject('url'));
  const client = createClient({ baseUrl: proxy.url });
  const write = () =>
    client.DELETE('/v1/dossiers/{id}', {
      params: {
        path: { id: 'brussels-2022-03-24' },
        query: { reason: 'For a test' },
        header: { 'If-Match': '"x"' },
      },
    });
  const check = () =>
    client.POST('/v1/dossiers/{id}/check', {
      params: { path: { id: 'brussels-2022-03-24' } },
      body: 'document: {}' as never,
      bodySerializer: (body) => body,
      headers: { 'content-type': 'application/yaml' },
    });
  // The client has no key, so nothing is written.
  proxy.instead.push(answering(503, { 'retry-after': '0' }));
  expect((await check()).error).toMatchObject({ code: 'unauthorized' });
  expect(statuses(proxy)).toEqual([503, 401]);
  expect(proxy.seen.map(({ headers }) => headers['content-length'])).toEqual(['12', '12']);
  proxy.instead.push(cutting);
  await expect(write()).rejects.toThrow(TypeError);
  expect(statuses(proxy)).toEqual([503, 401, 0]);
});

test('a signal ends the wait immediately', async () => {
  await using proxy = await proxyTo(inject('url'));
  const ending = new AbortController();
  const reason = new Error('The reader has left');
  proxy.instead.push((response) => {
    response.writeHead(503, { 'retry-after': '50' }).end();
    setTimeout(() => ending.abort(reason), 100);
  });
  const client = createClient({ baseUrl: proxy.url });
  const began = performance.now();
  await expect(client.list('people', {}, { signal: ending.signal }).all()).rejects.toBe(reason);
  expect(performance.now() - began).toBeLessThan(40_000);
  // A call whose signal is already aborted sends no request.
  await expect(client.get('people', 'missing', {}, { signal: ending.signal })).rejects.toBe(reason);
  expect(proxy.seen).toHaveLength(1);
});

test('a signal ends a request without a response, and there is no retry', async () => {
  await using proxy = await proxyTo(inject('url'));
  proxy.instead.push(() => {});
  const client = createClient({ baseUrl: proxy.url });
  const asked = client.text('brussels-2022-03-24', {}, { signal: AbortSignal.timeout(200) });
  await expect(asked).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(proxy.seen).toHaveLength(1);
});

test('waits longer each time, with a random part', () => {
  const delays = (random: number) =>
    [0, 1, 2, 3].map((attempt) => retryDelayMs(attempt, undefined, () => random));
  expect(delays(0)).toEqual([125, 250, 500, 1000]);
  expect(delays(1)).toEqual([250, 500, 1000, 2000]);
  const headers = new Headers({ 'retry-after': '3' });
  expect(retryDelayMs(5, headers, () => 0)).toBe(3000);
  expect(retryDelayMs(5, headers, () => 1)).toBeGreaterThan(3000);
});

test('parses Retry-After as seconds, and as a date relative to the clock of the server', () => {
  const seconds = (value: string, date = 'Thu, 24 Mar 2022 10:00:00 GMT') =>
    retryAfterSeconds(new Headers({ 'retry-after': value, date }));
  expect(seconds('120')).toBe(120);
  expect(seconds('Thu, 24 Mar 2022 10:00:30 GMT')).toBe(30);
  expect(seconds('Thu, 24 Mar 2022 09:00:00 GMT')).toBe(0);
  expect(seconds('soon')).toBeUndefined();
  expect(seconds('')).toBeUndefined();
  expect(seconds('-1')).toBeUndefined();
  expect(seconds('1.5')).toBeUndefined();
});
