/** Canonical URLs: equivalent requests have the same URL. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { formatCanonicalQuery, type QueryValues, type RawQuery } from './query-string.ts';

export interface CanonicalUrl {
  /** Path as documented, regardless of how the request encoded it. */
  path: string;
  values: QueryValues;
  /** Path and query. */
  url: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Query as received; the validator replaces `query` by the parsed parameters. */
    rawQuery: RawQuery;
    /** Null until `getCanonicalUrl` computes it. */
    canonicalUrl: CanonicalUrl | null;
  }
}

export function registerCanonicalUrl(app: FastifyInstance): void {
  app.decorateRequest('canonicalUrl', null);
  app.decorateRequest('rawQuery');
  app.addHook('onRequest', (request, _reply, done) => {
    request.rawQuery = request.query as RawQuery;
    done();
  });
}

/** Returns the canonical URL of the request; computed once per request. */
export function getCanonicalUrl(request: FastifyRequest): CanonicalUrl {
  request.canonicalUrl ??= computeCanonicalUrl(request);
  return request.canonicalUrl;
}

function computeCanonicalUrl({ routeOptions, params, rawQuery }: FastifyRequest): CanonicalUrl {
  const pathParams = params as Record<string, string>;
  const path = String(routeOptions.url).replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(pathParams[name] ?? ''),
  );
  const values = rawQuery.parse();
  return { path, values, url: path + formatCanonicalQuery(values) };
}
