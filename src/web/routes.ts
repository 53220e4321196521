/** The pages, for people: what each is asked for, and what draws it. */
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { FactName } from '../api/params/change-params.ts';
import { asOf } from '../api/respond/as-of.ts';
import { canonicalUrl } from '../http/canonical-url.ts';
import { MAX_DOSSIER_BYTES } from '../http/limits.ts';
import { many, single, wholeNumber } from '../http/params.ts';
import { canonicalQuery, splitUrl } from '../http/query-string.ts';
import { undocumented } from '../http/route-definition.ts';
import { serveFile } from '../http/static-file.ts';
import { FactId } from '../model/fields.ts';
import { resources } from '../model/types/index.ts';
import type { Store } from '../store/open.ts';
import { CARD_POLICY } from './embed/layout.ts';
import { onPageError, withoutSlash } from './error-page.ts';
import { page } from './page-route.ts';

const ASSETS = [
  'base.css',
  'base.js',
  'embed.css',
  'explore.css',
  'fact.css',
  'home.css',
  'reader.css',
  'reader.js',
];

const types = resources.map(({ type }) => type);

const FrontQuery = () =>
  z.strictObject({
    document: single(FactId).optional().describe('Only what this document says.'),
    asOf,
  });

const FactQuery = () => z.strictObject({ asOf });

const RoomQuery = () => {
  const offset = single(wholeNumber(0, MAX_DOSSIER_BYTES)).optional();
  return z.strictObject({
    start: offset.describe('Where the passage in view begins, in Unicode code points.'),
    end: offset.describe('Where it ends, exclusive.'),
    fact: single(FactName).optional().describe('The fact in view, written type/id.'),
    type: many(z.enum([...types, 'none']))
      .optional()
      .describe('Only facts of these types; none: the text alone.'),
    part: single(wholeNumber(1, MAX_DOSSIER_BYTES)).optional().describe('Which part of a long text, from 1.'),
    asOf,
  });
};

/** Which parameters there are depends on the collection; the list that is asked refuses what it does not take. */
const ExploreQuery = () =>
  z.looseObject({
    collection: single(z.enum(['all', ...resources.map(({ collection }) => collection)]))
      .optional()
      .describe('What is looked through.'),
    asOf,
  });

/** Anybody may show a card in a frame. */
const CARD = { query: FactQuery, policy: CARD_POLICY, framed: true } as const;

export async function pages(app: FastifyInstance, store: Store): Promise<void> {
  // Within a scope of its own, where errors are told to people.
  await app.register(async (scope) => {
    scope.setErrorHandler(onPageError);
    withoutTracking(scope);
    page(scope, store, '/', { query: FrontQuery }, async () => (await import('./home/index.ts')).draw);
    page(
      scope,
      store,
      '/explore',
      { query: ExploreQuery },
      async () => (await import('./explore/index.ts')).draw,
    );
    for (const { collection, sourced } of resources) {
      const url = `/${collection}/:id`;
      if (sourced === false) {
        page(scope, store, url, { query: RoomQuery }, async () => (await import('./reader/index.ts')).draw);
      } else {
        page(scope, store, url, { query: FactQuery }, async () =>
          (await import('./fact/index.ts')).drawFact(collection),
        );
      }
      page(scope, store, `/embed/${collection}/:id`, CARD, async () =>
        (await import('./embed/index.ts')).drawCard(collection),
      );
      toExplore(scope, collection);
    }
    for (const name of ASSETS) {
      const path = new URL(`assets/${name}`, import.meta.url);
      serveFile(scope, { url: `/assets/${name}`, read: () => readFileSync(path) });
    }
  });
}

/** Whoever takes the id off the address of a fact gets to the others. */
function toExplore(app: FastifyInstance, collection: string): void {
  const schema = { ...undocumented.schema, querystring: () => z.looseObject({}) };
  app.get(`/${collection}`, { schema }, async (request, reply) => {
    const { values } = canonicalUrl(request);
    return reply.redirect(`/explore${canonicalQuery({ ...values, collection: [collection] })}`, 302);
  });
}

/** What others add to an address to follow whoever opens it. */
const TRACKING = /^(utm_\w+|(fb|g|d|ms|tw|y)clid|mc_[ce]id|igshid)$/;

/** An address that was shared leads to the page all the same, and is clean when it is shared again. */
function withoutTracking(app: FastifyInstance): void {
  app.addHook('preValidation', async (request, reply) => {
    // The router takes it for a fact whose id is empty.
    if (/.\/($|\?)/.test(request.url)) return reply.redirect(withoutSlash(request.url), 308);
    if (!request.url.includes('?')) return;
    const { path, values } = splitUrl(request.url);
    const kept = Object.entries(values).filter(([name]) => !TRACKING.test(name));
    if (kept.length === Object.keys(values).length) return;
    return reply.redirect(path + canonicalQuery(Object.fromEntries(kept)), 302);
  });
}
