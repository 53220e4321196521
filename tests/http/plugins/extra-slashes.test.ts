/** Paths with an extra slash. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSeededApp, get } from '../../support/app.ts';

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

describe('a read of a path with an extra slash', () => {
  it.each([
    ['/v1/events/', '/v1/events'],
    ['/v1/events/?limit=2&q=a%2Fb//', '/v1/events?limit=2&q=a%2Fb//'],
    ['//v1/events', '/v1/events'],
    ['/v1//events', '/v1/events'],
    ['/v1/events//', '/v1/events'],
    ['/v1/events/eu-summit-2022-03-24/', '/v1/events/eu-summit-2022-03-24'],
    ['/v1/events/eu-summit-2022-03-24/references/', '/v1/events/eu-summit-2022-03-24/references'],
    ['/v1/events.csv/', '/v1/events.csv'],
    ['/v1/search/?q=nato', '/v1/search?q=nato'],
    ['/v1/search/?q=who?&limit=1', '/v1/search?q=who?&limit=1'],
    ['/openapi.json/', '/openapi.json'],
    ['/explore/', '/explore'],
    ['//explore?collection=events', '/explore?collection=events'],
    ['/documents/brussels-2022-03-24/?start=1', '/documents/brussels-2022-03-24?start=1'],
    ['/embed/events/eu-summit-2022-03-24/', '/embed/events/eu-summit-2022-03-24'],
    ['//', '/'],
  ])('redirects from %s to %s', async (url, location) => {
    for (const method of ['GET', 'HEAD'] as const) {
      const { statusCode, headers } = await app.inject({ method, url });
      expect([statusCode, headers['location']]).toEqual([308, location]);
    }
    expect((await get(app, location)).status).toBe(200);
  });

  it.each([
    '//evil.example/',
    '/v1/nothing/',
    '//evil.example//v1/events',
    '/nowhere//at/all/',
  ])('is a 404 without a redirect if there is nothing at the path itself: %s', async (url) => {
    const { statusCode, headers } = await app.inject({ url });
    expect([statusCode, headers['location']]).toEqual([404, undefined]);
  });
});

it('a write to a path with an extra slash is a 404 that names the path without it', async () => {
  for (const [method, url] of [
    ['PUT', '/v1/dossiers/riga/'],
    ['DELETE', '//v1/dossiers/riga?reason=x'],
  ] as const) {
    const { statusCode, body } = await app.inject({ method, url });
    expect([statusCode, JSON.parse(body).code]).toEqual([404, 'no-such-route']);
    expect(JSON.parse(body).detail).toContain('leave out the extra slash, as in /v1/dossiers/riga');
  }
});
