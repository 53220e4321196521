/** `.json` after the path of a JSON resource, for clients that choose the format by the URL. */
import type { FastifyInstance } from 'fastify';
import { JSON_MEDIA_TYPE } from '../route-definition.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** URL pattern of the documented route, if this one is another name of it. */
    canonicalRoute?: string;
  }
}

/**
 * Adds a route with `.json` for each documented GET route of the API that responds with JSON and is added after
 * this call. It has the handler and the canonical URL of the other, and ignores `Accept`.
 */
export function addJsonAliases(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { url, method, handler, schema, config } = route;
    const isJson = config?.operation?.response.mediaType === JSON_MEDIA_TYPE;
    const lastSegment = url.slice(url.lastIndexOf('/'));
    if (!isJson || method !== 'GET' || !url.startsWith('/v1/') || lastSegment.includes('.')) return;
    app.route({
      method,
      url: `${url}.json`,
      handler,
      ...(schema && { schema }),
      // Without an operation, so that the OpenAPI documents do not have it.
      config: { canonicalRoute: url },
    });
  });
}
