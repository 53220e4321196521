/** How every page is answered: at one revision, conditionally, made of what the public URLs answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type * as z from 'zod';
import { readingAsOf } from '../api/respond/as-of.ts';
import { canonicalUrl } from '../http/canonical-url.ts';
import { contentSecurityPolicy } from '../http/csp.ts';
import { freshness } from '../http/etag.ts';
import { canonicalQuery, type QueryValues } from '../http/query-string.ts';
import { once, undocumented } from '../http/route-definition.ts';
import { askInner, type InnerAnswer } from '../http/sub-request.ts';
import type { Html } from '../lib/html.ts';
import { Moved, Problem, type ProblemDocument } from '../lib/problem-details.ts';
import type { Store } from '../store/open.ts';
import type { Reading } from '../store/snapshot.ts';
import { keptInThePast } from './as-of-links.ts';

export const HTML_TYPE = 'text/html; charset=utf-8';

/** What a page is drawn from. */
export interface Asked<Parameters = unknown> {
  parameters: Parameters;
  /** The parameter `id` of the path, if it has one. */
  id: string;
  /** What was asked, as the canonical URL has it. */
  path: string;
  values: QueryValues;
  reading: Reading;
  /** Where readers find the server, without a slash at the end. */
  publicUrl: string;
  ask: Ask;
  /** Says that something is missing for the moment, so that nobody keeps the page. */
  momentary(): void;
}

export interface Ask {
  /** The JSON of a public URL, at the revision of the page if no other is given; what it refuses, the page refuses. */
  json<T>(path: string, values?: AskedValues, revision?: number): Promise<T>;
  text(path: string, values?: AskedValues): Promise<string>;
}

type AskedValues = Record<string, string | readonly string[]>;

export type Draw<Parameters> = (asked: Asked<Parameters>) => Html | Promise<Html>;

interface PageOptions {
  query: () => z.ZodType;
  /** Exceptions from the strictest Content-Security-Policy. */
  policy?: Partial<Record<string, string>>;
  /** Whether pages of others may show it in a frame. */
  framed?: true;
}

/** Pages lead to pages by links and forms, and show cards in frames. */
const POLICY = { 'form-action': "'self'", 'frame-src': "'self'" };

/**
 * A page at `url`. What draws it is loaded when it is first asked for: many servers are asked by programs alone.
 */
export function page<Parameters>(
  app: FastifyInstance,
  store: Store,
  url: string,
  { query, policy, framed }: PageOptions,
  drawing: () => Promise<Draw<Parameters>>,
): void {
  const schema = { ...undocumented.schema, querystring: once(query as () => z.ZodObject) };
  const csp = contentSecurityPolicy({ ...POLICY, ...policy });
  app.get(url, { schema } as RouteShorthandOptions, async (request, reply) => {
    const { asOf } = request.query as { asOf?: string };
    const reading = await store.read((db) => readingAsOf(db, asOf));
    const { newest, newestRecordedAt } = reading;
    const asked = canonicalUrl(request);
    // Whatever a page is of, its texts are shown by the rights of today, and it leads to what there is by now.
    const tag = { url: `${app.publicUrl()}${asked.url}#${newest}`, mediaType: HTML_TYPE };
    const fresh = freshness(request, reply, { ...reading, pinned: false, dated: false }, tag);
    reply.header('content-security-policy', csp);
    if (framed) reply.removeHeader('x-frame-options');
    reply.cacheable = { url: asked.url, newest, newestRecordedAt };
    if (fresh === 'proved') return reply.code(304).send();
    const draw = await drawing();
    const { id = '' } = request.params as { id?: string };
    let keepable = true;
    const drawn = await draw({
      parameters: request.query as Parameters,
      id,
      path: asked.path,
      values: asked.values,
      reading,
      publicUrl: app.publicUrl(),
      ask: asking(app, request, reading.revision, `/v1${asked.path.replace(/^\/embed/, '')}`),
      momentary() {
        keepable = false;
      },
    });
    if (!keepable) forThisMoment(reply);
    else if (fresh === 'if-there') return reply.code(304).send();
    return reply.type(HTML_TYPE).send(keptInThePast(drawn, reading));
  });
}

function forThisMoment(reply: FastifyReply): void {
  reply.cacheable = null;
  reply.removeHeader('etag').removeHeader('last-modified').header('cache-control', 'no-store');
}

/** `own` is the fact that the page is of: where that goes by another id the page is elsewhere too, and others are followed. */
function asking(app: FastifyInstance, request: FastifyRequest, revision: number, own: string): Ask {
  const answer = async (path: string, values: AskedValues = {}, at = revision): Promise<string> => {
    const lists = Object.entries(values).map(([name, value]) => [name, [value].flat()] as const);
    const pinned = at > 0 ? { asOf: [String(at)] } : {};
    const url = path + canonicalQuery({ ...Object.fromEntries(lists), ...pinned } as QueryValues);
    const first = await askInner(app, request, url);
    if (first.status !== 308) return bodyOf(first);
    const there = String(first.headers['location']);
    if (factIn(path) === own) throw new Moved(factIn(there).replace(/^.*\//, ''));
    return bodyOf(await askInner(app, request, there));
  };
  return {
    text: answer,
    json: async (path, values, at) => JSON.parse(await answer(path, values, at)),
  };
}

/** `/v1/people/ilze/references?limit=1` → `/v1/people/ilze` */
const factIn = (path: string): string => /^\/v1\/[^/]+\/[^/?.]+/.exec(path)?.[0] ?? '';

/** What is refused is refused in the same words here. */
function bodyOf({ status, headers, body }: InnerAnswer): string {
  if (status < 400) return body;
  const { code, detail, errors } = JSON.parse(body) as ProblemDocument;
  const { 'retry-after': wait } = headers;
  throw new Problem(code, detail, errors, wait === undefined ? {} : { 'retry-after': String(wait) });
}
