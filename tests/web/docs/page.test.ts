/** HTML of the page at `/docs`; tests/browser tests its behavior in a browser. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { escapeHtml } from '../../../src/lib/html.ts';
import { examples } from '../../../src/web/docs/examples.ts';
import { createApp, createSeededStore, get } from '../../support/app.ts';

let app: FastifyInstance;
let page: string;
/** Operation that the router matched for the last request. */
let matchedOperation: string | undefined;
beforeAll(async () => {
  // Without a cache, so that every request reaches the router.
  app = await createApp(await createSeededStore(), { cacheMaxBytes: 0 }, (preparing) =>
    preparing.addHook('onRequest', async ({ routeOptions }) => {
      matchedOperation = routeOptions.config.operation?.operationId;
    }),
  );
  page = (await get(app, '/docs')).body as string;
});

describe('the page at /docs', () => {
  it('loads nothing from other origins, and has no broken links', async () => {
    const links = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, url]) => url as string);
    expect(links.length).toBeGreaterThan(15);
    for (const link of links) {
      expect(link).toMatch(/^\/(?!\/)/);
      expect([link, (await get(app, link.replaceAll('&amp;', '&'))).status]).toEqual([link, 200]);
    }
  });

  it('runs only scripts of this server', async () => {
    const { headers } = await get(app, '/docs');
    expect(headers['content-security-policy']).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self';",
    );
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
  });

  it('returns 304 for a matching ETag, with and without a trailing slash', async () => {
    const { headers, body } = await get(app, '/docs/');
    expect(body).toBe(page);
    const notModified = await get(app, '/docs', { 'if-none-match': headers['etag'] as string });
    expect(notModified.status).toBe(304);
  });

  it.each(examples)('links "$question" to the operation that answers it', async ({ question, url }) => {
    expect((await get(app, url)).status).toBe(200);
    const item = page
      .split('<li>')
      .find((each) => each.includes(`<summary>${escapeHtml(question)}</summary>`));
    expect(item).toContain(`data-url="${escapeHtml(url)}"`);
    expect(item).toMatch(new RegExp(`href="#/[\\w%]+/${matchedOperation}"`));
  });
});
