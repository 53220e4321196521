/** Files for crawlers: `robots.txt`, and sitemaps of all documents and facts. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { respond } from '../api/respond/respond.ts';
import { listSitemapPages, listSitemapParts } from '../api/service/sitemap.ts';
import type { FactService, SnapshotReader } from '../api/service/snapshot-reader.ts';
import { integerBetween } from '../http/params.ts';
import { hiddenRoute, lazy } from '../http/route-definition.ts';
import { escapeHtml } from '../lib/html.ts';
import { Problem } from '../lib/problem-details.ts';
import { factTypes } from '../model/types/index.ts';

const XML_MEDIA_TYPE = 'application/xml; charset=utf-8';

export function crawlerRoutes(app: FastifyInstance, service: FactService): void {
  app.get('/robots.txt', hiddenRoute, async (_request, reply) => {
    reply.type('text/plain; charset=utf-8').header('cache-control', 'public, max-age=3600');
    return renderRobotsTxt(app.basePath, app.publicUrl());
  });

  /** Responds with XML that depends on the newest revision. */
  const respondXml = (
    request: FastifyRequest,
    reply: FastifyReply,
    read: (reader: SnapshotReader) => Promise<string>,
  ) => respond({ service, request, reply }, { mediaType: XML_MEDIA_TYPE, hasAbsoluteUrls: true }, read);

  app.get('/sitemap.xml', hiddenRoute, (request, reply) =>
    respondXml(request, reply, async (reader) => {
      const urls = (await listSitemapParts(reader)).map((part) => `${app.publicUrl()}/sitemaps/${part}.xml`);
      return renderXml('sitemapindex', urls.map((url) => renderEntry('sitemap', url)).join(''));
    }),
  );

  const schema = {
    ...hiddenRoute.schema,
    params: lazy(() => z.strictObject({ part: integerBetween(1, 999_999) })),
  };
  app.get('/sitemaps/:part.xml', { schema }, (request, reply) =>
    respondXml(request, reply, async (reader) => {
      const { part } = request.params as { part: number };
      const pages = await listSitemapPages(reader, part);
      if (pages.length === 0)
        throw new Problem('not-found', `Sitemap ${part} not found; ${app.basePath}/sitemap.xml lists all`);
      const entries = pages.map(({ path, lastModified }) =>
        renderEntry('url', app.publicUrl() + path, lastModified),
      );
      return renderXml('urlset', entries.join(''));
    }),
  );
}

/** Filters, passages and past revisions are left out: there are arbitrarily many. */
const renderRobotsTxt = (basePath: string, publicUrl: string): string => `User-agent: *
Disallow: ${basePath}/*asOf=
Disallow: ${basePath}/explore?
${factTypes.map(({ collection }) => `Allow: ${basePath}/explore?collection=${collection}$\n`).join('')}Disallow: ${basePath}/documents/*?
Disallow: ${basePath}/embed/
Disallow: ${basePath}/oembed
Disallow: ${basePath}/v1/*?
Disallow: ${basePath}/metrics

Sitemap: ${publicUrl}/sitemap.xml
`;

const renderXml = (root: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${content}</${root}>
`;

const renderEntry = (name: string, url: string, lastModified?: string): string =>
  `<${name}><loc>${escapeHtml(url)}</loc>${lastModified === undefined ? '' : `<lastmod>${lastModified}</lastmod>`}</${name}>\n`;
