/** The wiring of the server, readable as a list. */
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type * as z from 'zod';
import { wholeExports } from './api/routes/archives.ts';
import { changeFeeds } from './api/routes/change-feeds.ts';
import { changes } from './api/routes/changes.ts';
import { collectionRoutes } from './api/routes/collection.ts';
import { documentRoutes } from './api/routes/documents.ts';
import { dossiers } from './api/routes/dossiers/index.ts';
import { oembed } from './api/routes/oembed.ts';
import { revisions } from './api/routes/revisions.ts';
import { search } from './api/routes/search.ts';
import { WrittenFacts } from './api/serialize/fact-cache.ts';
import type { Config } from './config.ts';
import { keepCanonicalUrls } from './http/canonical-url.ts';
import type { Peers } from './http/cluster-client.ts';
import * as limits from './http/limits.ts';
import { parsed } from './http/params.ts';
import { answerUnusual, onClientError } from './http/plugins/client-error.ts';
import { closeConnectionsOnShutdown } from './http/plugins/close-connections.ts';
import { onError } from './http/plugins/error-handler.ts';
import { collectMethods, onNotFound, refuseMethod } from './http/plugins/method-not-allowed.ts';
import { metrics } from './http/plugins/metrics.ts';
import { limitRequests, requestCounter } from './http/plugins/rate-limit.ts';
import { requestValidation } from './http/plugins/request-validation.ts';
import { type AnswerCache, answerCache } from './http/plugins/response-cache.ts';
import { securityHeaders } from './http/plugins/security-headers.ts';
import { knowPublicUrl } from './http/public-url.ts';
import { RawQuery } from './http/query-string.ts';
import { requestIdOf } from './http/request-id.ts';
import { collectOperations } from './http/route-definition.ts';
import { health } from './http/routes/health.ts';
import { JSON_BODY, YAML_BODIES } from './ingest/media-types.ts';
import { resources } from './model/types/index.ts';
import { reference } from './openapi/routes.ts';
import type { Store } from './store/open.ts';
import { withoutKeys } from './store/queries/api-keys.ts';
import { versionsIn } from './store/queries/facts.ts';
import { docs } from './web/docs/routes.ts';
import { sendNotFound } from './web/error-page.ts';
import { pages } from './web/routes.ts';
import { type Importer, importerOn } from './workers/import-queue.ts';
import type { Scans } from './workers/slow-query.ts';

export interface AppOptions {
  store: Store;
  /** Has dossiers taken in; in this thread, if left out. */
  importer?: Importer;
  /** Answers what may have to look through the whole store; every other question's way, if left out. */
  scans?: Scans;
  /** Whether the app is to tell the OpenAPI documents too: they are generated from it, and served as files. */
  documented?: boolean;
  /** The processes that serve the same port; none, if left out. */
  peers?: Peers;
  config: Pick<Config, 'cacheMaxBytes' | 'logLevel' | 'publicUrl' | 'rateLimitPerMinute' | 'trustProxy'>;
}

export async function buildApp({
  store,
  config,
  importer = importerOn(store),
  scans,
  documented = false,
  peers,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    logger: { level: config.logLevel, serializers: { req: describedRequest } },
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    // A request may name the whole URL: it is the path that matters here.
    rewriteUrl: ({ url = '/' }) => url.replace(/^https?:\/\/[^/?#]*(?=[/?#]|$)/i, '').replace(/^(?!\/)/, '/'),
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    bodyLimit: limits.MAX_BODY_BYTES,
    requestTimeout: limits.REQUEST_TIMEOUT_MS,
    connectionTimeout: limits.CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: limits.KEEP_ALIVE_TIMEOUT_MS,
    return503OnClosing: false,
    frameworkErrors: onError,
    clientErrorHandler: onClientError,
    http: {
      maxHeaderSize: limits.MAX_HEADER_BYTES,
      headersTimeout: limits.HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: limits.CONNECTIONS_CHECK_MS,
      // The guard refuses a request without a host in the form of every other refusal.
      requireHostHeader: false,
    },
    routerOptions: {
      // Ids of any length reach the validator, which says what is wrong with them.
      maxParamLength: limits.MAX_URL_LENGTH,
      querystringParser: (text) => new RawQuery(text) as never,
    },
    // Left to itself Fastify loads two compilers of JSON Schema, before it hears of those below.
    schemaController: { compilersFactory: { buildValidator: notAsked, buildSerializer: notAsked } },
  });
  app.server.maxConnections = limits.MAX_CONNECTIONS;

  app.setValidatorCompiler(({ schema }) => validator(schema as () => z.ZodObject));
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(onError);
  app.decorate('scans', scans ?? null);
  app.decorateReply('scanning', false);
  if (scans) beginScans(app, store, scans);
  takeDossiers(app);
  const allowedAt = collectMethods(app);

  keepCanonicalUrls(app);
  knowPublicUrl(app, config.publicUrl);
  answerUnusual(app.server);
  const count = await requestCounter(app, config.rateLimitPerMinute, peers);
  const cache = answerCache(app, store.watch, { maxBytes: config.cacheMaxBytes / 2, count });
  await securityHeaders(app);
  requestValidation(app);
  closeConnectionsOnShutdown(app);
  if (count) limitRequests(app, count, config.rateLimitPerMinute);
  refuseMethod(app, allowedAt);
  collectOperations(app);
  if (documented) await (await import('./openapi/document.ts')).describeOperations(app);
  metrics(app, cache, peers);
  const facts = new WrittenFacts(config.cacheMaxBytes / 2);
  for (const resource of resources) collectionRoutes(app, store, facts, resource);
  documentRoutes(app, store);
  search(app, store);
  changes(app, store);
  changeFeeds(app, store);
  revisions(app, store);
  oembed(app, store);
  wholeExports(app, store);
  dossiers(app, store, doubting(importer, cache));
  health(app, store);
  reference(app);
  docs(app);
  await pages(app, store);
  app.setNotFoundHandler(onNotFound(allowedAt, sendNotFound(allowedAt)));
  return app;
}

/** A large store has long questions to come. */
function beginScans(app: FastifyInstance, { read }: Store, scans: Scans): void {
  app.addHook('onListen', async () => {
    if ((await read(versionsIn)) >= scans.fromVersions) scans.begin(app.publicUrl());
  });
}

/** What was taken in here is seen here at once. */
function doubting(importer: Importer, { doubt }: AnswerCache): Importer {
  return {
    ...importer,
    import: (job, place) => importer.import(job, place).finally(doubt),
    remove: (job, place) => importer.remove(job, place).finally(doubt),
  };
}

/** The only bodies there are; they are read where they can be told to be wrong. */
function takeDossiers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser([JSON_BODY, ...YAML_BODIES], { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
}

const notAsked = (): never => {
  throw new Error('a route has a compiler for its schemas already');
};

/** zod's own parse as Fastify's validator, by a schema that is made when it is first wanted. */
function validator(schema: () => z.ZodObject) {
  return (data: RawQuery | Record<string, unknown>) => {
    try {
      return { value: parsed(schema(), data instanceof RawQuery ? data.values() : data) };
    } catch (error) {
      return { error: error as Error };
    }
  };
}

/** What the log says of a request: none of its headers, and no key where one was put by mistake. */
const describedRequest = ({ method, url, host, ip }: FastifyRequest) => ({
  method,
  url: withoutKeys(url),
  host,
  remoteAddress: ip,
});
