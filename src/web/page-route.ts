/** How every page is answered: at one revision, conditionally, made of what the public URLs answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type * as z from 'zod';
import { resolveAsOf } from '../api/respond/as-of.ts';
import { getCanonicalUrl } from '../http/canonical-url.ts';
import { buildContentSecurityPolicy } from '../http/csp.ts';
import { checkPreconditions } from '../http/etag.ts';
import { formatCanonicalQuery, type QueryValues } from '../http/query-string.ts';
import { hiddenRoute, lazy } from '../http/route-definition.ts';
import { type SubResponse, sendSubRequest } from '../http/sub-request.ts';
import type { Html } from '../lib/html.ts';
import { PermanentRedirect, Problem, type ProblemDocument } from '../lib/problem-details.ts';
import type { Store } from '../store/open.ts';
import type { Snapshot } from '../store/snapshot.ts';
import { addAsOfToLinks } from './as-of-links.ts';

export const HTML_TYPE = 'text/html; charset=utf-8';

/** What a page is drawn from. */
export interface PageRequest<Parameters = unknown> {
  parameters: Parameters;
  /** The parameter `id` of the path, if it has one. */
  id: string;
  /** What was asked, as the canonical URL has it. */
  path: string;
  values: QueryValues;
  snapshot: Snapshot;
  /** Where readers find the server, without a slash at the end. */
  publicUrl: string;
  api: ApiClient;
  /** Says that something is missing for the moment, so that nobody keeps the page. */
  disableCaching(): void;
}

export interface ApiClient {
  /** The JSON of a public URL, at the revision of the page if no other is given; what it refuses, the page refuses. */
  json<T>(path: string, values?: ApiQuery, revision?: number): Promise<T>;
  text(path: string, values?: ApiQuery): Promise<string>;
}

type ApiQuery = Record<string, string | readonly string[]>;

export type Renderer<Parameters> = (request: PageRequest<Parameters>) => Html | Promise<Html>;

interface PageOptions {
  query: () => z.ZodType;
  /** Exceptions from the strictest Content-Security-Policy. */
  policy?: Partial<Record<string, string>>;
  /** Whether pages of others may show it in a frame. */
  embeddable?: true;
}

/** Pages lead to pages by links and forms, and show cards in frames. */
const DEFAULT_POLICY = { 'form-action': "'self'", 'frame-src': "'self'" };

/**
 * A page at `url`. What draws it is loaded when it is first asked for: many servers are asked by programs alone.
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
    // Whatever a page is of, its texts are shown by the rights of today, and it leads to what there is by now.
    const entity = { url: `${app.publicUrl()}${canonical.url}#${latestRevision}`, mediaType: HTML_TYPE };
    const precondition = checkPreconditions(
      request,
      reply,
      { ...snapshot, immutable: false, lastModifiedIsReliable: false },
      entity,
    );
    reply.header('content-security-policy', csp);
    if (embeddable) reply.removeHeader('x-frame-options');
    reply.cacheable = { url: canonical.url, latestRevision, latestRecordedAt };
    if (precondition === 'etag-match') return reply.code(304).send();
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
    else if (precondition === 'match-if-exists') return reply.code(304).send();
    return reply.type(HTML_TYPE).send(addAsOfToLinks(content, snapshot));
  });
}

function setNoStore(reply: FastifyReply): void {
  reply.cacheable = null;
  reply.removeHeader('etag').removeHeader('last-modified').header('cache-control', 'no-store');
}

/** `own` is the fact that the page is of: where that goes by another id the page is elsewhere too, and others are followed. */
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

/** What is refused is refused in the same words here. */
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
