/** Routes of pages: each reads one revision, supports conditional requests, and gets data from the API. */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type * as z from 'zod';
import { resolveAsOf } from '../api/respond/as-of.ts';
import { getCanonicalUrl } from '../http/canonical-url.ts';
import { conditionalResponse, createSnapshotValidators } from '../http/conditional-response.ts';
import { buildContentSecurityPolicy } from '../http/csp.ts';
import { formatCanonicalQuery, type QueryValues } from '../http/query-string.ts';
import { hiddenRoute, lazy } from '../http/route-definition.ts';
import { type SubResponse, sendSubRequest } from '../http/sub-request.ts';
import type { Html } from '../lib/html.ts';
import { PermanentRedirect, Problem, type ProblemDocument } from '../lib/problem-details.ts';
import type { Store } from '../store/open.ts';
import type { Snapshot } from '../store/snapshot.ts';
import { addAsOfToLinks } from './as-of-links.ts';

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
  api: ApiClient;
  /** Prevents caching of a page from which something is temporarily missing. */
  disableCaching(): void;
}

export interface ApiClient {
  /** Returns the JSON of a public URL, by default at the page's revision; rejects with the API's problem. */
  json<T>(path: string, values?: ApiQuery, revision?: number): Promise<T>;
  text(path: string, values?: ApiQuery): Promise<string>;
}

type ApiQuery = Record<string, string | readonly string[]>;

export type Renderer<Parameters> = (request: PageRequest<Parameters>) => Html | Promise<Html>;

interface PageOptions {
  query: () => z.ZodType;
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
  store: Store,
  url: string,
  { query, policy, embeddable }: PageOptions,
  loadRenderer: () => Promise<Renderer<Parameters>>,
): void {
  const schema = { ...hiddenRoute.schema, querystring: lazy(query as () => z.ZodObject) };
  const csp = buildContentSecurityPolicy({ ...DEFAULT_POLICY, ...policy });
  app.get(url, { schema } as RouteShorthandOptions, async (request, reply) => {
    const { asOf } = request.query as { asOf?: string };
    const snapshot = await store.read((db) => resolveAsOf(db, asOf));
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
      const content = await render({
        parameters: request.query as Parameters,
        id,
        path: canonical.path,
        values: canonical.values,
        snapshot,
        publicUrl: app.publicUrl(),
        api: createApiClient(app, request, snapshot.revision, `/v1${canonical.path.replace(/^\/embed/, '')}`),
        disableCaching() {
          isCacheable = false;
        },
      });
      if (!isCacheable) setNoStore(reply);
      reply.type(HTML_TYPE);
      return addAsOfToLinks(content, snapshot);
    });
  });
}

function setNoStore(reply: FastifyReply): void {
  reply.cacheable = null;
  reply.removeHeader('etag').removeHeader('last-modified').header('cache-control', 'no-store');
}

/**
 * `factPath` is the API path of the fact that the page shows. If that fact was renamed, the page redirects as
 * well; redirects for other facts are followed.
 */
function createApiClient(
  app: FastifyInstance,
  request: FastifyRequest,
  revision: number,
  factPath: string,
): ApiClient {
  const fetchBody = async (path: string, values: ApiQuery = {}, atRevision = revision): Promise<string> => {
    const valueLists = Object.entries(values).map(([name, value]) => [name, [value].flat()] as const);
    const asOf = atRevision > 0 ? { asOf: [String(atRevision)] } : {};
    const url = path + formatCanonicalQuery({ ...Object.fromEntries(valueLists), ...asOf } as QueryValues);
    const response = await sendSubRequest(app, request, url);
    if (response.status !== 308) return readBody(response);
    const location = String(response.headers['location']);
    if (extractFactPath(path) === factPath)
      throw new PermanentRedirect(extractFactPath(location).replace(/^.*\//, ''));
    return readBody(await sendSubRequest(app, request, location));
  };
  return {
    text: fetchBody,
    json: async (path, values, atRevision) => JSON.parse(await fetchBody(path, values, atRevision)),
  };
}

/** `/v1/people/ilze/references?limit=1` → `/v1/people/ilze` */
const extractFactPath = (path: string): string => /^\/v1\/[^/]+\/[^/?.]+/.exec(path)?.[0] ?? '';

/** Returns the body, or throws the problem that the API responded with. */
function readBody({ status, headers, body }: SubResponse): string {
  if (status < 400) return body;
  const { code, detail, errors } = JSON.parse(body) as ProblemDocument;
  const { 'retry-after': retryAfter } = headers;
  throw new Problem(
    code,
    detail,
    errors,
    retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  );
}
