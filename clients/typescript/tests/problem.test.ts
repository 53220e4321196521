import { expect, inject, test } from 'vitest';
import { createClient, ProblemError, unwrap } from '../dist/index.js';
import { answering, proxyTo } from './support/proxy.ts';

const client = createClient({ baseUrl: inject('url') });
const thrownBy = (call: Promise<unknown>): Promise<ProblemError> =>
  call.then(
    () => expect.unreachable('the call should throw'),
    (error) => error,
  );

test('a problem is thrown with all its fields', async () => {
  const problem = await thrownBy(client.list('events', { limit: 0 }).all());
  expect(problem).toBeInstanceOf(ProblemError);
  expect(problem).toBeInstanceOf(Error);
  expect(problem).toMatchObject({
    name: 'ProblemError',
    message: '400 invalid-parameter: limit: must be between 1 and 200',
    status: 400,
    code: 'invalid-parameter',
    title: 'Bad Request',
    detail: 'limit: must be between 1 and 200',
    errors: [{ parameter: 'limit', code: 'out-of-range', detail: 'must be between 1 and 200' }],
    retryAfter: undefined,
  });
  expect(problem.requestId).toMatch(/\S/);
});

test('every call that reads throws problems', async () => {
  const calls = [
    client.get('people', 'missing'),
    client.references('people', 'missing').all(),
    client.versions('people', 'missing').all(),
    client.text('missing'),
    client.passage('missing', { start: 0, end: 1 }).all(),
  ];
  for (const call of calls) expect(await thrownBy(call)).toMatchObject({ status: 404, code: 'not-found' });
  const by = 'nothing' as 'status';
  expect(await thrownBy(client.facets('events', { by }))).toMatchObject({ code: 'invalid-parameter' });
  expect(await thrownBy(client.search('').all())).toMatchObject({ code: 'invalid-parameter' });
});

test('operations return the problem instead, and unwrap throws it', async () => {
  const ask = () => client.GET('/v1/people/{id}', { params: { path: { id: 'missing' } } });
  expect((await ask()).error).toMatchObject({ code: 'not-found', status: 404 });
  expect(await thrownBy(unwrap(ask()))).toMatchObject({ code: 'not-found', status: 404 });
  const person = await unwrap(
    client.GET('/v1/people/{id}', { params: { path: { id: 'jens-stoltenberg' } } }),
  );
  expect(person.name).toBe('Jens Stoltenberg');
});

test('has the delay of Retry-After', async () => {
  await using proxy = await proxyTo(inject('url'));
  proxy.instead.push(answering(429, { 'retry-after': '7' }));
  const impatient = createClient({ baseUrl: proxy.url, retries: 0 });
  expect(await thrownBy(impatient.list('people').all())).toMatchObject({ status: 429, retryAfter: 7 });
});

test('distinguishes responses of other servers from those of the API', async () => {
  await using proxy = await proxyTo(inject('url'));
  const behind = createClient({ baseUrl: proxy.url });
  const page = `<html><title>Bad gateway</title>${' '.repeat(1000)}</html>`;
  const html = { 'content-type': 'text/html', 'x-request-id': 'of-the-proxy' };

  proxy.instead.push(answering(502, html, page));
  const broken = await thrownBy(behind.list('people').all());
  expect(broken).toBeInstanceOf(ProblemError);
  expect(broken).toMatchObject({
    status: 502,
    code: undefined,
    title: 'Bad Gateway',
    errors: [],
    requestId: 'of-the-proxy',
  });
  expect(broken.detail).toMatch(/^the response \(text\/html\) is not from the API: <html><title>Bad gateway/);
  expect(broken.detail.length).toBeLessThan(300);

  // A login page with status 200.
  proxy.instead.push(answering(200, html, page), answering(200, html, page));
  expect(await thrownBy(behind.list('people').all())).toMatchObject({ status: 200, code: undefined });
  expect(await thrownBy(behind.GET('/v1/people'))).toMatchObject({ status: 200, code: undefined });

  for (const body of ['', '{"some": "JSON"}', 'null']) {
    proxy.instead.push(answering(403, { 'content-type': 'application/json' }, body));
    expect(await thrownBy(behind.list('people').all())).toMatchObject({ status: 403, code: undefined });
  }
});

test('without a response, the error of fetch is thrown', async () => {
  const nowhere = createClient({ baseUrl: 'http://127.0.0.1:1', retries: 0 });
  const error = await thrownBy(nowhere.list('people').all());
  expect(error).toBeInstanceOf(TypeError);
  expect(error).not.toBeInstanceOf(ProblemError);
});
