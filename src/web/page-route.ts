/** Routes of pages: each reads one revision and supports conditional requests. */
import type { FastifyInstance, FastifyReply, RouteShorthandOptions } from 'fastify';
import type * as z from 'zod';
import { createClientSignal } from '../api/respond/client-signal.ts';
import { resolveAsOf } from '../api/service/as-of.ts';
import { type Query, type QueryResults, runQueries } from '../api/service/query.ts';
import { type FactService, readSnapshot, type SnapshotReader } from '../api/service/snapshot-reader.ts';
import { getCanonicalUrl } from '../http/canonical-url.ts';
import { conditionalResponse, createSnapshotValidators } from '../http/conditional-response.ts';
import { buildContentSecurityPolicy } from '../http/csp.ts';
import type { QueryValues } from '../http/query-string.ts';
import { hiddenRoute, lazy, withAsOf } from '../http/route-definition.ts';
import type { Html } from '../lib/html.ts';
import type { Synonyms } from '../search/synonyms.ts';
import type { Snapshot } from '../store/snapshot.ts';
import { addAsOfToLinks } from './as-of-links.ts';
import { addBasePath } from './base-path.ts';

export const HTML_TYPE = 'text/html; charset=utf-8';

/** Input of a renderer. */
export interface PageRequest<Parameters = unknown> {
  parameters: Parameters;
  /** Path parameter `id`, or an empty string. */
  id: string;
  /** Path and query of the canonical URL. */
  path: string;
  values: QueryValues;
  snapshot: Snapshot;
  /** URL at which readers reach the server, without a trailing slash. */
  publicUrl: string;
  synonyms: Synonyms;
  /** Runs lookups on the snapshot of the page, all in one transaction. */
  read<T>(work: (reader: SnapshotReader) => Promise<T>): Promise<T>;
  /** Runs queries on the snapshot of the page; a scan of a large store runs in a worker thread. */
  run<const Queries extends readonly Query<unknown>[]>(...queries: Queries): Promise<QueryResults<Queries>>;
  /** Prevents caching of a page from which something is temporarily missing. */
  disableCaching(): void;
}

export type Renderer<Parameters> = (request: PageRequest<Parameters>) => Html | Promise<Html>;

interface PageOptions {
  /** Path parameters; none by default. */
  path?: () => z.ZodObject;
  /** Query parameters in addition to `asOf`. */
  query: () => z.ZodObject;
  /** Directives that relax the strictest Content-Security-Policy. */
  policy?: Partial<Record<string, string>>;
  /** True if other sites may show the page in a frame. */
  embeddable?: true;
}

/** Pages submit forms to other pages, and show cards in frames. */
const DEFAULT_POLICY = { 'form-action': "'self'", 'frame-src': "'self'" };

/**
 * Registers a page at `url`. The first request loads the renderer, because many servers receive only API
 * requests.
 */
export function pageRoute<Parameters>(
  app: FastifyInstance,
  service: FactService,
  url: string,
  { path, query, policy, embeddable }: PageOptions,
  loadRenderer: () => Promise<Renderer<Parameters>>,
): void {
  const schema = {
    ...hiddenRoute.schema,
    ...(path && { params: lazy(path) }),
    querystring: lazy(() => withAsOf(query())),
  };
  const csp = buildContentSecurityPolicy({ ...DEFAULT_POLICY, ...policy });
  app.get(url, { schema } as RouteShorthandOptions, async (request, reply) => {
    const { asOf } = request.query as { asOf?: string };
    const snapshot = await service.store.read((db) => resolveAsOf(db, asOf));
    const { latestRevision, latestRecordedAt } = snapshot;
    const canonical = getCanonicalUrl(request);
    // A historical page also changes with the latest revision: it shows texts under their current rights, and
    // links to the latest revision.
    const entity = { url: `${app.publicUrl()}${canonical.url}#${latestRevision}`, mediaType: HTML_TYPE };
    const validators = createSnapshotValidators(
      { ...snapshot, immutable: false, lastModifiedIsReliable: false },
      entity,
    );
    reply.header('content-security-policy', csp);
    if (embeddable) reply.removeHeader('x-frame-options');
    reply.cacheable = { url: canonical.url, latestRevision, latestRecordedAt };
    return conditionalResponse(request, reply, validators, {}, async () => {
      const render = await loadRenderer();
      const { id = '' } = request.params as { id?: string };
      let isCacheable = true;
      let signal: AbortSignal | undefined;
      const getSignal = () => {
        signal ??= createClientSignal(reply);
        return signal;
      };
      const content = await render({
        parameters: request.query as Parameters,
        id,
        path: canonical.path,
        values: canonical.values,
        snapshot,
        publicUrl: app.publicUrl(),
        synonyms: service.store.synonyms,
        read: (work) => readSnapshot(service, snapshot, work),
        run: (...queries) => runQueries(service, snapshot, queries, getSignal),
        disableCaching() {
          isCacheable = false;
        },
      });
      if (!isCacheable) setNoStore(reply);
      reply.type(HTML_TYPE);
      return addBasePath(addAsOfToLinks(content, snapshot), app.basePath);
    });
  });
}

function setNoStore(reply: FastifyReply): void {
  reply.cacheable = null;
  reply.removeHeader('etag').removeHeader('last-modified').header('cache-control', 'no-store');
}
