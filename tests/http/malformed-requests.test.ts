/** Unusual and hostile requests: each gets a normal response or a problem. */
import { type AddressInfo, connect } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSeededApp, get } from '../support/app.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
  await app.listen({ host: '127.0.0.1', port: 0 });
});

describe('a valid request', () => {
  const operators = [
    'NEAR(a b)',
    'label:x',
    'a OR b',
    'a AND NOT b',
    '"unclosed',
    "Robert'); DROP TABLE fact;--",
    'a*',
    '^a',
    '-a',
    '{a b}:c',
    'a\\',
    '%',
    'ａ＊',
  ];
  it.each(operators)('q=%s', async (q) => {
    for (const path of ['/v1/events?q=', '/v1/search?q=', '/v1/events/facets?by=kind&q=']) {
      const { status } = await get(app, `${path}${encodeURIComponent(q)}`);
      expect(status, path).toBe(q === '%' ? 400 : 200);
    }
  });

  it('may have a hundred ids of any type', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `a${n}`);
    for (const url of [
      '/v1/statements?about=',
      '/v1/figures/facets?by=unit&subject=',
      '/v1/statements?q=nato&count=true&about=',
    ]) {
      const { status } = await get(app, `${url}${[...ids.slice(1), 'russia']}`);
      expect(status, url).toBe(200);
    }
    const references = ids.map((id) => `country/${id}`);
    expect((await get(app, `/v1/statements?about=${references}`)).status).toBe(200);
  });

  it('may encode its URL differently; links are canonical', async () => {
    const { status, body } = await get(app, '/v1/%65vents/war-in-ukraine/references?limit=1');
    expect([status, body.links.self]).toEqual([200, '/v1/events/war-in-ukraine/references?limit=1']);
    const { port } = app.server.address() as AddressInfo;
    const response = await sendRaw(
      `GET http://127.0.0.1:${port}/v1/events?limit=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    expect(response).toMatchObject({ status: 200, body: { links: { self: '/v1/events?limit=1' } } });
  });

  it('may have the longest allowed URL, and links to its next page', async () => {
    const ids = [
      'eu-summit-2022-03-24',
      'war-in-ukraine',
      ...Array.from({ length: 39 }, (_, n) => 'a'.repeat(97) + (100 + n)),
    ];
    const url = `/v1/events?limit=1&ids=${ids}`;
    expect(url.length).toBeGreaterThan(3_950);
    expect(url.length).toBeLessThanOrEqual(4_000);
    const { status, body } = await get(app, url);
    expect(body.links.next.length).toBeGreaterThan(4_000);
    expect([status, (await get(app, body.links.next)).status]).toEqual([200, 200]);
  });

  it('may filter by an id that does not exist', async () => {
    const missingIds = ['missing', 'n'.repeat(150)];
    const urls = missingIds.flatMap((id) => [
      `/v1/events?participant=person/${id}`,
      `/v1/changes?fact=person/${id}`,
    ]);
    for (const url of urls) {
      const { status, body } = await get(app, url);
      expect([url, status, body.data]).toEqual([url, 200, []]);
    }
  });
});

describe('an error response', () => {
  it.each([
    ['a fact that does not exist', '/v1/events/missing', 404, 'not-found'],
    ['an unknown path', '/v1/planets', 404, 'no-such-route'],
    ['a path below an item', '/v1/events/a/b/c', 404, 'no-such-route'],
    ['references of a fact that does not exist', '/v1/events/missing/references', 404, 'not-found'],
    ['the text of a document that does not exist', '/v1/documents/missing/text', 404, 'not-found'],
    ['the facts of a document that does not exist', '/v1/documents/missing/facts', 404, 'not-found'],
    ['the coverage of a document that does not exist', '/v1/documents/missing/coverage', 404, 'not-found'],
    ['the text of a fact that is not a document', '/v1/events/war-in-ukraine/text', 404, 'no-such-route'],
    ['an unknown problem', '/problems/nothing', 404, 'no-such-route'],
    ['a path that cannot be decoded', '/v1/events/%FF', 400, 'invalid-url'],
    ['a path that cannot be decoded, elsewhere', '/%E0%A4%A', 400, 'invalid-url'],
    ['3,000 parameters', `/v1/events?${Array(3_000).fill('a').join('&')}`, 414, 'url-too-long'],
    ['a URL that is too long', `/v1/events?q=${'a'.repeat(9_000)}`, 414, 'url-too-long'],
    ['a path that is too long', `/v1/events/${'a'.repeat(9_000)}`, 414, 'url-too-long'],
  ])('%s', async (_, url, status, code) => {
    const response = await get(app, url);
    expect(response.status).toBe(status);
    expect(response.body).toMatchObject({ code, status, type: `/problems/${code}`, instance: url });
    expect(response.body.requestId).toBe(response.headers['x-request-id']);
    expect(response.headers['access-control-allow-origin']).toBe('*');
  });

  it.each([
    'PATCH',
    'POST',
    'PUT',
    'DELETE',
    'PROPFIND',
    'TRACE',
  ] as const)('%s, with Allow', async (method) => {
    for (const url of ['/v1/events', '/v1/events/war-in-ukraine', '/openapi.json']) {
      const response = await app.inject({ method: method as 'PATCH', url });
      expect(response.statusCode).toBe(405);
      expect(response.headers['allow']).toBe('GET, HEAD, OPTIONS');
      expect(response.json()).toMatchObject({ code: 'method-not-allowed' });
    }
  });

  it.each(['PUT', 'DELETE', 'POST'] as const)('%s that only a shorter path supports', async (method) => {
    const response = await app.inject({ method, url: '/v1/dossiers/brussels-2022-03-24.yaml' });
    expect([response.statusCode, response.headers['allow']]).toEqual([405, 'GET, HEAD, OPTIONS']);
    expect(response.json()).toMatchObject({ code: 'method-not-allowed' });
  });
});

/** Sends raw bytes, and returns the status and the body of the response. */
function sendRaw(
  bytes: string,
  target = app,
): Promise<{ status: number; body: Record<string, unknown> | string }> {
  const { port } = target.server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let responseText = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      responseText += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => {
      const [head = '', body = ''] = responseText.split('\r\n\r\n');
      const json = head.toLowerCase().includes('json');
      resolve({ status: Number(head.split(' ')[1]), body: json ? JSON.parse(body) : body });
    });
    socket.write(bytes);
  });
}

describe('on the wire', () => {
  const close = 'Connection: close\r\n\r\n';
  it.each([
    ['two Host headers', `GET /v1/events HTTP/1.1\r\nHost: a\r\nHost: b\r\n${close}`, 400, 'invalid-request'],
    [
      'two Host headers in HTTP/1.0',
      `GET /v1/events HTTP/1.0\r\nHost: a\r\nHost: b\r\n${close}`,
      400,
      'invalid-request',
    ],
    ['no Host header', `GET /v1/events HTTP/1.1\r\n${close}`, 400, 'invalid-request'],
    [
      'a URL of 1 MB',
      `GET /v1/events?q=${'a'.repeat(1_000_000)} HTTP/1.1\r\nHost: a\r\n${close}`,
      431,
      'headers-too-large',
    ],
    ['an unknown method', `HELLO / HTTP/1.1\r\nHost: a\r\n${close}`, 400, 'invalid-request'],
    ['a fragment', `GET /v1/events#limit=1 HTTP/1.1\r\nHost: a\r\n${close}`, 400, 'invalid-url'],
    [
      'an unknown expectation',
      `GET /v1/events HTTP/1.1\r\nHost: a\r\nExpect: banana\r\n${close}`,
      417,
      'expectation-failed',
    ],
    ['CONNECT', `CONNECT x:80 HTTP/1.1\r\nHost: a\r\n${close}`, 405, 'method-not-allowed'],
    [
      'an unsupported method with an invalid body',
      `POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 3\r\n${close}{a}`,
      405,
      'method-not-allowed',
    ],
    ['no HTTP at all', 'hello\r\n\r\n', 400, 'invalid-request'],
    [
      'two lengths',
      `POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n${close}`,
      400,
      'invalid-request',
    ],
    ['bytes above ASCII in a path', `GET /v1/\xff HTTP/1.1\r\nHost: a\r\n${close}`, 400, 'invalid-request'],
  ])('%s', async (_, bytes, status, code) => {
    const response = await sendRaw(bytes);
    expect(response.status).toBe(status);
    expect(response.body).toMatchObject({ code, status });
    if (status === 431) expect(response.body).toMatchObject({ detail: expect.stringContaining('16 KiB') });
  });

  it('errors that Fastify does not see have the public URL too', async () => {
    const publicApp = await createSeededApp({ publicUrl: 'https://news.example/facts' });
    await publicApp.listen({ host: '127.0.0.1', port: 0 });
    for (const [bytes, code] of [
      ['hello\r\n\r\n', 'invalid-request'],
      [`GET / HTTP/1.1\r\nHost: a\r\nExpect: banana\r\n${close}`, 'expectation-failed'],
    ] as const) {
      const { body } = await sendRaw(bytes, publicApp);
      expect(body).toMatchObject({ code, type: `https://news.example/facts/problems/${code}` });
    }
  });
});
