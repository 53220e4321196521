import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { escapeHtml } from '../../src/lib/html.ts';
import { PROBLEM_TYPES } from '../../src/lib/problem-details.ts';
import { createApp, createSeededApp, createSeededStore, get } from '../support/app.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

describe('every response', () => {
  it('may be read by pages of any origin, with the headers they need', async () => {
    const { headers } = await get(app, '/v1/events', { origin: 'https://news.example' });
    expect(headers['access-control-allow-origin']).toBe('*');
    for (const name of ['ETag', 'Link', 'RateLimit', 'RateLimit-Policy', 'Accept-Ranges', 'Content-Range']) {
      expect(headers['access-control-expose-headers']).toContain(name);
    }
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/v1/events',
      headers: { origin: 'https://news.example', 'access-control-request-method': 'GET' },
    });
    expect([preflight.statusCode, preflight.headers['access-control-allow-methods']]).toEqual([
      204,
      'GET, HEAD',
    ]);
  });

  it('has security headers', async () => {
    const { headers } = await get(app, '/v1/events');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'cross-origin-resource-policy': 'cross-origin',
    });
  });

  it.each([
    '/v1/events',
    '/v1/events/war-in-ukraine',
    '/healthz',
    '/readyz',
    '/openapi.yaml',
    '/metrics',
  ])('supports HEAD: %s', async (url) => {
    const head = await app.inject({ method: 'HEAD', url });
    const full = await app.inject({ url });
    expect([head.statusCode, head.body]).toEqual([200, '']);
    expect(head.headers['content-type']).toBe(full.headers['content-type']);
    expect(head.headers['etag']).toBe(full.headers['etag']);
  });

  it('repeats a safe X-Request-Id and replaces any other', async () => {
    const fetchRequestId = async (id: string) =>
      (await get(app, '/v1/events', { 'x-request-id': id })).headers['x-request-id'];
    expect(await fetchRequestId('abc-123')).toBe('abc-123');
    expect(await fetchRequestId('a'.repeat(128))).toBe('a'.repeat(128));
    for (const unsafe of ['a'.repeat(129), 'a b', 'a"b', '<script>']) {
      expect(await fetchRequestId(unsafe)).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('an error inside a validator', () => {
  it('is a 500 without its message, not a fault of the request', async () => {
    const failing = await createApp(await createSeededStore(), {}, (prepared) => {
      const querystring = () => {
        throw new Error('a secret of the server');
      };
      prepared.get('/failing', { schema: { querystring } }, async () => ({}));
    });
    const { status, body } = await get(failing, '/failing?a=1');
    expect([status, body.code, body.title]).toEqual([500, 'internal-error', 'Internal Server Error']);
    expect(JSON.stringify(body)).not.toContain('secret');
  });
});

describe('rate limit', () => {
  it('counts down, then returns 429 with a problem, except for health checks', async () => {
    const limited = await createApp(await createSeededStore(), { rateLimitPerMinute: 3 });
    for (const remaining of ['2', '1', '0']) {
      const { status, headers } = await get(limited, '/v1/events');
      expect([status, headers['ratelimit-remaining']]).toEqual([200, remaining]);
      expect(headers['ratelimit']).toMatch(new RegExp(`^"default";r=${remaining};t=\\d+$`));
      expect(headers['ratelimit-policy']).toBe('"default";q=3;w=60');
    }
    const over = await get(limited, '/v1/events');
    expect([over.status, over.body.code]).toEqual([429, 'rate-limited']);
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
    expect((await get(limited, '/nowhere')).status).toBe(429);
    expect((await get(limited, '/healthz')).status).toBe(200);
    expect((await get(limited, '/readyz')).status).toBe(200);
  });

  it('counts clients behind a trusted proxy separately, and ignores the header of others', async () => {
    const options = { rateLimitPerMinute: 1, trustProxy: ['127.0.0.0/8'] };
    const proxiedApp = await createApp(await createSeededStore(), options);
    const from = (client: string, remoteAddress: string) =>
      proxiedApp.inject({ url: '/v1/events', remoteAddress, headers: { 'x-forwarded-for': client } });
    expect((await from('192.0.2.1', '127.0.0.1')).statusCode).toBe(200);
    expect((await from('192.0.2.2', '127.0.0.1')).statusCode).toBe(200);
    expect((await from('192.0.2.2', '127.0.0.1')).statusCode).toBe(429);
    expect((await from('192.0.2.3', '198.51.100.1')).statusCode).toBe(200);
    expect((await from('192.0.2.4', '198.51.100.1')).statusCode).toBe(429);
  });

  describe('counts as one client', () => {
    const count = async (forwarded: string[], remoteAddress = '127.0.0.1') => {
      const options = { rateLimitPerMinute: 100, trustProxy: ['127.0.0.0/8', '2001:db8:1::/48'] };
      const proxiedApp = await createApp(await createSeededStore(), options);
      const remaining = [];
      for (const value of forwarded) {
        const headers = { 'x-forwarded-for': value };
        const response = await proxiedApp.inject({ url: '/v1/events', remoteAddress, headers });
        remaining.push(Number(response.headers['ratelimit-remaining']));
      }
      return remaining;
    };

    it.each([
      ['different ports', ['7.7.7.7:5001', '7.7.7.7:5002', '7.7.7.7', '9.9.9.9, 7.7.7.7:1']],
      [
        'IPv6 with and without a port',
        ['[2001:db8::1]:443', '[2001:db8::1]', '2001:db8::1', '"[2001:db8::1]:8"'],
      ],
      ['other spellings of an IPv6 address', ['2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:0db8::0001']],
      ['IPv4 mapped to IPv6', ['::ffff:7.7.7.7', '7.7.7.7', '[::FFFF:707:707]:80']],
      ['IPv6 with and without a zone', ['fe80::1%eth0', 'fe80::1', '[fe80::1%25eth0]:443']],
      ['trusted proxies with ports', ['7.7.7.7:1, 127.0.0.2:443', '7.7.7.7, [2001:db8:1::5]:443', '7.7.7.7']],
      [
        'entries that are no address',
        ['unknown', '_hidden', '7.7.7', '7.7.7.7:x', 'a, b, c', '', '9.9.9.9, unknown'],
      ],
    ])('%s', async (_, forwarded) => {
      expect(await count(forwarded)).toEqual(forwarded.map((_entry, index) => 99 - index));
    });

    it('but different addresses separately', async () => {
      const different = ['7.7.7.7:5001', '7.7.7.8:5001', '[2001:db8::1]:443', '2001:db8::2', 'unknown'];
      expect(await count(different)).toEqual(different.map(() => 99));
      expect(await count(['127.0.0.9:80, unknown', '7.7.7.7, 127.0.0.9:80'])).toEqual([99, 99]);
    });

    it('a proxy that is not trusted, and an IPv4 client of an IPv6 socket', async () => {
      expect(await count(['7.7.7.7', '7.7.7.8'], '198.51.100.1')).toEqual([99, 98]);
      expect(await count(['7.7.7.7:1', '7.7.7.7:2'], '::ffff:127.0.0.1')).toEqual([99, 98]);
    });
  });
});

describe('the service', () => {
  it('reports that it is running and ready', async () => {
    expect((await get(app, '/healthz')).body).toEqual({ status: 'ok' });
    expect((await get(app, '/readyz')).body).toEqual({ status: 'ready', revision: 1 });
  });

  it('is not ready when its database is gone, and does not disclose why', async () => {
    const store = await createSeededStore();
    const broken = await createApp(store);
    await store.close();
    const ready = await get(broken, '/readyz');
    expect([ready.status, ready.body.code]).toEqual([503, 'not-ready']);
    const list = await get(broken, '/v1/events');
    expect([list.status, list.body.code, list.headers['retry-after']]).toEqual([503, 'not-ready', '2']);
    expect(JSON.stringify(list.body)).not.toMatch(/sqlite|kysely|driver|destroy/i);
  });

  it('measures response times by route', async () => {
    await get(app, '/v1/events/war-in-ukraine');
    await get(app, '/v1/events/missing');
    const { body } = await get(app, '/metrics');
    expect(body).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/v1\/events\/:id",status="200"\} \d/,
    );
    expect(body).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/v1\/events\/:id",status="404"\} \d/,
    );
    expect(body).toContain('process_cpu_seconds_total');
  });

  it('explains every problem at the URL of its type', async () => {
    for (const [code, { title, explanation }] of Object.entries(PROBLEM_TYPES)) {
      const { status, body } = await get(app, `/problems/${code}`);
      expect([status, body]).toEqual([200, expect.stringContaining(title)]);
      expect(body).toContain(explanation);
    }
  });

  it('links to the page of a fact in links.html', async () => {
    const { body } = await get(app, '/v1/events/war-in-ukraine');
    const page = await get(app, body.links.html);
    expect([page.status, page.body]).toEqual([
      200,
      expect.stringContaining(`<h1 dir="auto">${escapeHtml(body.label)}</h1>`),
    ]);
  });

  it('completes requests in flight when it shuts down', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const stopping = await createApp(await createSeededStore(), {}, (app) =>
      app.addHook('preHandler', () => gate),
    );
    await stopping.listen({ host: '127.0.0.1', port: 0 });
    const { port } = stopping.server.address() as AddressInfo;
    const status = new Promise<number>((resolve, reject) => {
      request({ port, host: '127.0.0.1', path: '/v1/events' }, (response) =>
        resolve(response.statusCode ?? 0),
      )
        .on('error', reject)
        .end();
    });
    await new Promise((resolve) => stopping.server.once('request', resolve));
    const closing = stopping.close();
    release();
    expect(await status).toBe(200);
    await closing;
  });
});
