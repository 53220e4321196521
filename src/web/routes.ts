/** Routes of the HTML pages: their parameters and renderers. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { FactRefParam } from '../api/params/change-params.ts';
import { buildFactPathParameters } from '../api/params/fact-params.ts';
import type { FactService } from '../api/service/snapshot-reader.ts';
import { getCanonicalUrl } from '../http/canonical-url.ts';
import { MAX_DOSSIER_BYTES } from '../http/limits.ts';
import { commaSeparated, integerBetween, singleValue } from '../http/params.ts';
import { formatCanonicalQuery } from '../http/query-string.ts';
import { hiddenRoute } from '../http/route-definition.ts';
import { staticFileRoute } from '../http/static-file.ts';
import { FactId } from '../model/fields.ts';
import { factTypes } from '../model/types/index.ts';
import { EMBED_POLICY } from './embed/layout.ts';
import { handlePageError } from './error-page.ts';
import { pageRoute } from './page-route.ts';

const ASSETS = [
  'base.css',
  'base.js',
  'common.css',
  'embed.css',
  'explore.css',
  'fact.css',
  'home.css',
  'reader.css',
  'reader.js',
];

const factTypeNames = factTypes.map(({ type }) => type);

const HomeQuery = () =>
  z.strictObject({
    document: singleValue(FactId).optional().describe('Only facts from this document.'),
  });

const FactQuery = () => z.strictObject({});

const ReaderQuery = () => {
  const offset = singleValue(integerBetween(0, MAX_DOSSIER_BYTES)).optional();
  return z.strictObject({
    start: offset.describe('Start of the passage in view, in Unicode code points.'),
    end: offset.describe('End of the passage in view, exclusive.'),
    fact: singleValue(FactRefParam).optional().describe('Fact in view, as type/id.'),
    type: commaSeparated(z.enum([...factTypeNames, 'none']))
      .optional()
      .describe('Only facts of these types; none shows the text alone.'),
    part: singleValue(integerBetween(1, MAX_DOSSIER_BYTES))
      .optional()
      .describe('Part of a long text, counted from 1.'),
  });
};

/** The allowed parameters depend on the collection, so the page itself rejects unknown ones. */
const ExploreQuery = () =>
  z.looseObject({
    collection: singleValue(z.enum(['all', ...factTypes.map(({ collection }) => collection)]))
      .optional()
      .describe('Collection to explore; all searches every collection.'),
  });

/** Any site may show a card in a frame. */
const EMBED_OPTIONS = { query: FactQuery, policy: EMBED_POLICY, embeddable: true } as const;

export async function pageRoutes(app: FastifyInstance, service: FactService): Promise<void> {
  // A separate scope, because pages have their own error handler.
  await app.register(async (scope) => {
    scope.setErrorHandler(handlePageError);
    stripTrackingParams(scope);
    pageRoute(
      scope,
      service,
      '/',
      { query: HomeQuery },
      async () => (await import('./home/index.ts')).renderHomePage,
    );
    pageRoute(
      scope,
      service,
      '/explore',
      { query: ExploreQuery },
      async () => (await import('./explore/index.ts')).renderExplorePage,
    );
    for (const factType of factTypes) {
      const { collection, hasEvidence } = factType;
      const url = `/${collection}/:id`;
      const path = () => buildFactPathParameters(factType);
      if (hasEvidence === false) {
        pageRoute(
          scope,
          service,
          url,
          { path, query: ReaderQuery },
          async () => (await import('./reader/index.ts')).renderReaderPage,
        );
      } else {
        pageRoute(scope, service, url, { path, query: FactQuery }, async () =>
          (await import('./fact/index.ts')).createFactRenderer(collection),
        );
      }
      pageRoute(scope, service, `/embed/${collection}/:id`, { path, ...EMBED_OPTIONS }, async () =>
        (await import('./embed/index.ts')).createEmbedRenderer(collection),
      );
      redirectToExplore(scope, collection);
    }
    for (const name of ASSETS) {
      const path = new URL(`assets/${name}`, import.meta.url);
      staticFileRoute(scope, { url: `/assets/${name}`, read: () => readFileSync(path) });
    }
  });
}

/** Redirects the URL of a fact without its id to the table of its collection. */
function redirectToExplore(app: FastifyInstance, collection: string): void {
  const schema = { ...hiddenRoute.schema, querystring: () => z.looseObject({}) };
  app.get(`/${collection}`, { schema }, async (request, reply) => {
    const { values } = getCanonicalUrl(request);
    return reply.redirect(`/explore${formatCanonicalQuery({ ...values, collection: [collection] })}`, 302);
  });
}

/** Query parameters that other sites add to links to track readers. */
const TRACKING_PARAM = /^(utm_\w+|(fb|g|d|ms|tw|y)clid|mc_[ce]id|igshid)$/;

/** Redirects to the URL without tracking parameters, so that links are clean when they are shared again. */
function stripTrackingParams(app: FastifyInstance): void {
  app.addHook('preValidation', async (request, reply) => {
    if (!request.url.includes('?')) return;
    const [path = ''] = request.url.split('?');
    const values = request.rawQuery.parse();
    const remaining = Object.entries(values).filter(([name]) => !TRACKING_PARAM.test(name));
    if (remaining.length === Object.keys(values).length) return;
    return reply.redirect(path + formatCanonicalQuery(Object.fromEntries(remaining)), 302);
  });
}
