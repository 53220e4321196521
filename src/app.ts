/** Wiring of the server, in the order in which hooks and routes are registered. */
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type * as z from 'zod';
import { archiveRoutes } from './api/routes/archives.ts';
import { changeFeedRoutes } from './api/routes/change-feeds.ts';
import { changeRoutes } from './api/routes/changes.ts';
import { collectionRoutes } from './api/routes/collection.ts';
import { documentRoutes } from './api/routes/documents.ts';
import { dossierRoutes } from './api/routes/dossiers/index.ts';
import { oembedRoute } from './api/routes/oembed.ts';
import { revisionRoutes } from './api/routes/revisions.ts';
import { searchRoute } from './api/routes/search.ts';
import { csvMetadataRoute, dataPackageRoute } from './api/routes/table-descriptions.ts';
import { SerializedFactCache } from './api/serialize/fact-cache.ts';
import { isLargeStore } from './api/service/query.ts';
import type { FactService } from './api/service/snapshot-reader.ts';
import type { Config } from './config.ts';
import { BODY_MEDIA_TYPES } from './http/body-media-types.ts';
import { registerCanonicalUrl } from './http/canonical-url.ts';
import { createTrustCheck, getClientAddress } from './http/client-address.ts';
import type { ClusterClient } from './http/cluster-client.ts';
import * as limits from './http/limits.ts';
import { parseParams } from './http/params.ts';
import { createClientErrorHandler, handleExpectAndConnect } from './http/plugins/client-error.ts';
import { closeConnectionsOnShutdown } from './http/plugins/close-connections.ts';
import { compressResponses } from './http/plugins/compression.ts';
import { handleError } from './http/plugins/error-handler.ts';
import { redirectExtraSlashes } from './http/plugins/extra-slashes.ts';
import { addJsonAliases } from './http/plugins/json-aliases.ts';
import {
  collectAllowedMethods,
  createNotFoundHandler,
  methodNotAllowed,
} from './http/plugins/method-not-allowed.ts';
import { metrics } from './http/plugins/metrics.ts';
import { createRateLimiter, enforceRateLimit } from './http/plugins/rate-limit.ts';
import { requestValidation } from './http/plugins/request-validation.ts';
import { type ResponseCache, responseCache } from './http/plugins/response-cache.ts';
import { securityHeaders } from './http/plugins/security-headers.ts';
import { registerPublicUrl } from './http/public-url.ts';
import { RawQuery } from './http/query-string.ts';
import { resolveRequestId } from './http/request-id.ts';
import { collectOperations } from './http/route-definition.ts';
import { healthRoutes } from './http/routes/health.ts';
import type { RejectedFolder, ServerStatus } from './http/server-status.ts';
import { Problem } from './lib/problem-details.ts';
import { factTypes } from './model/types/index.ts';
import { openApiRoutes } from './openapi/routes.ts';
import { maskKeys } from './store/api-keys.ts';
import type { Store } from './store/open.ts';
import { crawlerRoutes } from './web/crawlers.ts';
import { docsRoutes } from './web/docs/routes.ts';
import { sendNotFound } from './web/error-page.ts';
import { pageRoutes } from './web/routes.ts';
import { createInProcessImportQueue, type ImportQueue } from './workers/import-queue.ts';
import type { SlowQueryRunner } from './workers/slow-query-runner.ts';

/** Maximum number of cached counts, of a few kilobytes each. */
const MAX_CACHED_COUNTS = 200;

export interface AppOptions {
  store: Store;
  /** Queue that imports dossiers; by default one that runs in this thread. */
  importQueue?: ImportQueue;
  /** Runs queries that may have to scan the entire database; by default they run like all others. */
  slowQueryRunner?: SlowQueryRunner | null;
  /** True if the app also generates the OpenAPI documents; a server only serves the generated files. */
  openapi?: boolean;
  /** Connection to the other processes that serve the same port; undefined for a single process. */
  cluster?: ClusterClient;
  /** Dossier folders that could not be imported at the start; `/readyz` and `/metrics` report them. */
  rejectedFolders?: RejectedFolder[];
  config: Pick<Config, 'cacheMaxBytes' | 'logLevel' | 'publicUrl' | 'rateLimitPerMinute' | 'trustProxy'>;
}

export async function buildApp({
  store,
  config,
  importQueue = createInProcessImportQueue(store),
  slowQueryRunner = null,
  openapi = false,
  cluster,
  rejectedFolders = [],
}: AppOptions): Promise<FastifyInstance> {
  const app = createFastify(config);
  app.setValidatorCompiler(({ schema }) => createValidator(schema as () => z.ZodObject));
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(handleError);
  const factCache = new SerializedFactCache(config.cacheMaxBytes / 2);
  const countCache =
    config.cacheMaxBytes > 0 ? new LRUCache<string, object>({ max: MAX_CACHED_COUNTS }) : null;
  const service: FactService = { store, factCache, countCache, slowQueryRunner };
  startThreadsIfLarge(app, service);
  registerBodyParsers(app);
  const findAllowedMethods = collectAllowedMethods(app);

  registerCanonicalUrl(app);
  registerPublicUrl(app, config.publicUrl);
  handleExpectAndConnect(app.server, app.linkBase);
  const checkRateLimit = await createRateLimiter(app, config.rateLimitPerMinute, cluster);
  // Before the cache, which stores responses as they are sent.
  compressResponses(app);
  const cache = responseCache(app, store.revisionProbe, {
    maxBytes: config.cacheMaxBytes / 2,
    checkRateLimit,
  });
  await securityHeaders(app);
  requestValidation(app);
  closeConnectionsOnShutdown(app);
  if (checkRateLimit) enforceRateLimit(app, checkRateLimit, config.rateLimitPerMinute);
  redirectExtraSlashes(app, findAllowedMethods);
  methodNotAllowed(app, findAllowedMethods);
  collectOperations(app);
  addJsonAliases(app);
  if (openapi) await (await import('./openapi/document.ts')).describeOperations(app);
  const status: ServerStatus = { isReadOnly: store.isReadOnly, rejectedFolders };
  metrics(app, { cache, status, ...(cluster && { cluster }) });
  for (const factType of factTypes) collectionRoutes(app, service, factType);
  documentRoutes(app, service);
  searchRoute(app, service);
  changeRoutes(app, service);
  changeFeedRoutes(app, service);
  revisionRoutes(app, service);
  oembedRoute(app, service);
  archiveRoutes(app, service);
  csvMetadataRoute(app, service);
  dataPackageRoute(app, service);
  dossierRoutes(app, service, invalidateCacheAfter(importQueue, cache));
  healthRoutes(app, store, status);
  openApiRoutes(app);
  docsRoutes(app);
  crawlerRoutes(app, service);
  await pageRoutes(app, service);
  app.setNotFoundHandler(createNotFoundHandler(findAllowedMethods, sendNotFound));
  return app;
}

/** Creates an app without routes, with the limits of Node's HTTP server. */
function createFastify({ logLevel, publicUrl, trustProxy }: AppOptions['config']): FastifyInstance {
  const app = Fastify({
    logger: { level: logLevel, serializers: { req: serializeRequest } },
    trustProxy: trustProxy.length > 0 && createTrustCheck(trustProxy),
    // The request line may contain an absolute URL; routing needs the path.
    rewriteUrl: ({ url = '/' }) => url.replace(/^https?:\/\/[^/?#]*(?=[/?#]|$)/i, '').replace(/^(?!\/)/, '/'),
    genReqId: (request) => resolveRequestId(request.headers['x-request-id']),
    bodyLimit: limits.MAX_BODY_BYTES,
    requestTimeout: limits.REQUEST_TIMEOUT_MS,
    connectionTimeout: limits.CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: limits.KEEP_ALIVE_TIMEOUT_MS,
    return503OnClosing: false,
    frameworkErrors: handleError,
    clientErrorHandler: createClientErrorHandler(publicUrl ?? ''),
    http: {
      maxHeaderSize: limits.MAX_HEADER_BYTES,
      headersTimeout: limits.HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: limits.CONNECTIONS_CHECK_INTERVAL_MS,
      // requestValidation rejects a request without a host, with a problem document like every other error.
      requireHostHeader: false,
    },
    routerOptions: {
      // Ids of any length reach the validator, which returns a precise error.
      maxParamLength: limits.MAX_URL_LENGTH,
      querystringParser: (text) => new RawQuery(text) as never,
    },
    // By default Fastify loads two JSON Schema compilers before the compilers below are set.
    schemaController: {
      compilersFactory: { buildValidator: rejectCompiler, buildSerializer: rejectCompiler },
    },
  });
  app.server.maxConnections = limits.MAX_CONNECTIONS;
  return app;
}

/** Starts worker threads early if the database is so large that slow queries are to be expected. */
function startThreadsIfLarge(app: FastifyInstance, { store, slowQueryRunner }: FactService): void {
  if (!slowQueryRunner) return;
  app.addHook('onListen', async () => {
    if (await store.read((db) => isLargeStore(slowQueryRunner, db))) slowQueryRunner.warmUp();
  });
}

/** Invalidates the cache after a local import, so that this process serves the new revision immediately. */
function invalidateCacheAfter(importQueue: ImportQueue, { invalidate }: ResponseCache): ImportQueue {
  return {
    ...importQueue,
    import: (job, slot) => importQueue.import(job, slot).finally(invalidate),
    delete: (job, slot) => importQueue.delete(job, slot).finally(invalidate),
  };
}

/** Accepts dossiers as raw bytes: the routes parse them, since they can report where the errors are. */
function registerBodyParsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(BODY_MEDIA_TYPES, { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
}

const rejectCompiler = (): never => {
  throw new Error('Fastify must not compile schemas: the app sets its own compilers');
};

/** Fastify validator that parses with a zod schema, created on first use. */
function createValidator(schema: () => z.ZodObject) {
  return (data: RawQuery | Record<string, unknown>) => {
    try {
      return { value: parseParams(schema(), data instanceof RawQuery ? data.parse() : data) };
    } catch (error) {
      if (error instanceof Problem) return { error };
      // Thrown, it becomes a 500; returned, Fastify would send its message with a 400.
      throw error;
    }
  };
}

/** Request as it is logged: without headers, and without a key that a client put into the URL by mistake. */
const serializeRequest = (request: FastifyRequest) => ({
  method: request.method,
  url: maskKeys(request.url),
  host: request.host,
  remoteAddress: getClientAddress(request),
});
