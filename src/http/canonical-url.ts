/** Canonical URLs: equivalent requests have the same URL. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { formatCanonicalQuery, type QueryValues, type RawQuery } from './query-string.ts';

export interface CanonicalUrl {
  /** Path as documented, regardless of how the request encoded it. */
  path: string;
  values: QueryValues;
  /** Path and query. */
  url: string;
  /** URL by which this response is cached: that of the requested path, which may be another name. */
  cacheUrl: string;
  /** True if the request uses another name of the path. */
  isAlias: boolean;
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
  const fillPath = (route: string) =>
    route.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(pathParams[name] ?? ''));
  const route = String(routeOptions.url);
  const { canonicalRoute = route } = routeOptions.config;
  const path = fillPath(canonicalRoute);
  const values = rawQuery.parse();
  const query = formatCanonicalQuery(values);
  return {
    path,
    values,
    url: path + query,
    cacheUrl: fillPath(route) + query,
    isAlias: canonicalRoute !== route,
  };
}
