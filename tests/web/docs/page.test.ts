/** The page at `/docs`: that it is whole without a browser; how it behaves in one is told in tests/browser. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { escapeHtml } from '../../../src/lib/html.ts';
import { examples } from '../../../src/web/docs/examples.ts';
import { createApp, createSeededStore, get } from '../../support/app.ts';

let app: FastifyInstance;
let page: string;
/** Which operation the router took for a request. */
let matchedOperation: string | undefined;
beforeAll(async () => {
  // Nothing is kept, so that the router is asked each time.
  app = await createApp(await createSeededStore(), { cacheMaxBytes: 0 }, (preparing) =>
    preparing.addHook('onRequest', async ({ routeOptions }) => {
      matchedOperation = routeOptions.config.operation?.operationId;
    }),
  );
  page = (await get(app, '/docs')).body as string;
});

describe('the page at /docs', () => {
  it('has nothing from elsewhere, and all that it links to is there', async () => {
    const links = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, url]) => url as string);
    expect(links.length).toBeGreaterThan(15);
    for (const link of links) {
      expect(link).toMatch(/^\/(?!\/)/);
      expect([link, (await get(app, link.replaceAll('&amp;', '&'))).status]).toEqual([link, 200]);
    }
  });

  it('runs no script but those beside it', async () => {
    const { headers } = await get(app, '/docs');
    expect(headers['content-security-policy']).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self';",
    );
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
  });

  it('is sent again only when it has changed, with a slash or without', async () => {
    const { headers, body } = await get(app, '/docs/');
    expect(body).toBe(page);
    const notModified = await get(app, '/docs', { 'if-none-match': headers['etag'] as string });
    expect(notModified.status).toBe(304);
  });

  it.each(examples)('$question leads to the operation that answers it', async ({ question, url }) => {
    expect((await get(app, url)).status).toBe(200);
    const item = page
      .split('<li>')
      .find((each) => each.includes(`<summary>${escapeHtml(question)}</summary>`));
    expect(item).toContain(`data-url="${escapeHtml(url)}"`);
    expect(item).toMatch(new RegExp(`href="#/[\\w%]+/${matchedOperation}"`));
  });
});
