/** Client with paginated lists, facts by id, and every operation under its own path. */
import createOpenapiClient, { type Client as OpenapiClient } from 'openapi-fetch';
import { type CacheStore, caching, memoryCache } from './cache.ts';
import type { paths } from './generated/openapi.ts';
import { type Paged, paged } from './paged.ts';
import { ProblemError, unwrap } from './problem.ts';
import { type Fetch, type RetryOptions, retrying } from './retry.ts';
import type {
  Answer,
  AnyPage,
  Arguments,
  AsOf,
  CallOptions,
  Collection,
  FactOf,
  ListName,
  PagedPath,
  PageOf,
  ParametersOf,
} from './types.ts';

/** Options of a client. */
export interface ClientOptions extends Partial<RetryOptions> {
  /** URL of the server, such as `https://facts.example.org`, with an optional path. */
  baseUrl: string;
  /** API key, for writing and for texts that are not public. Do not use one in a page that others can see. */
  key?: string | undefined;
  /** Revision number or instant that all requests read as of. The default is the newest revision. */
  asOf?: AsOf | undefined;
  /** Function that sends requests, instead of the global `fetch`. */
  fetch?: Fetch | undefined;
  /**
   * Cache for responses with an ETag: a custom store, `true` for one in memory, `false` for none. The default
   * is one in memory, but none in browsers: they have a cache of their own, and the additional header would
   * cost a preflight request for every URL of another origin.
   */
  cache?: CacheStore | boolean | undefined;
}

/** Every operation under its method and path, as openapi-fetch returns them: `{ data, error, response }`. */
export type Operations = Pick<OpenapiClient<paths>, 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'>;

/**
 * Client of one server. Methods that read throw a `ProblemError` if the server responds with a problem, and
 * the error of `fetch` if there is no response. Only `GET`, `PUT` and the like return the error instead.
 */
export interface Client extends Operations {
  /**
   * Returns a list by the part of its path after `/v1/`, with the parameters of the API. Sends no request
   * before the iteration begins.
   */
  list<N extends ListName>(name: N, ...args: Arguments<`/v1/${N}`>): Paged<PageOf<N>>;
  /** Returns a fact. The old id of a renamed fact works too. */
  get<C extends Collection>(
    collection: C,
    id: string,
    ...args: Arguments<`/v1/${C}/{id}`>
  ): Promise<FactOf<C>>;
  /** Returns facts of all types that contain all the words, those with the words in their label first. */
  search(
    q: string,
    parameters?: Omit<ParametersOf<'/v1/search'>, 'q'>,
    options?: CallOptions,
  ): Paged<PageOf<'search'>>;
  /** Returns the facts that refer to a fact, and the fields that do so. */
  references<C extends Collection>(
    collection: C,
    id: string,
    ...args: Arguments<`/v1/${C}/{id}/references`>
  ): Paged<PageAt<`/v1/${C}/{id}/references`>>;
  /** Returns the history of a fact: who changed what, when and why. */
  versions<C extends Collection>(
    collection: C,
    id: string,
    ...args: Arguments<`/v1/${C}/{id}/versions`>
  ): Paged<PageAt<`/v1/${C}/{id}/versions`>>;
  /** Returns how many facts have each value of the fields in `by`, under the filters of the list. */
  facets<C extends Collection>(
    collection: C,
    ...args: Arguments<`/v1/${C}/facets`>
  ): Promise<Answer<`/v1/${C}/facets`>>;
  /** Returns the source text of a document. The offsets of evidence count its code points, from 0. */
  text(
    document: string,
    parameters?: ParametersOf<'/v1/documents/{id}/text'>,
    options?: CallOptions,
  ): Promise<string>;
  /** Returns the facts in a passage of a document; `start` and `end` are in code points, `end` exclusive. */
  passage(
    document: string,
    ...args: Arguments<'/v1/documents/{id}/facts'>
  ): Paged<PageAt<'/v1/documents/{id}/facts'>>;
  /** Returns a client that reads as of a revision or an instant. The `asOf` of a single call overrides it. */
  asOf(asOf: AsOf): Client;
}

/** Page in the response of a path. */
export type PageAt<P extends PagedPath> = Extract<Answer<P>, AnyPage>;

/** Creates a client. Sends no request yet. */
export function createClient(options: ClientOptions): Client {
  const operations = createOpenapiClient<paths>({
    baseUrl: options.baseUrl,
    fetch: transport(options),
    headers: { authorization: options.key === undefined ? undefined : `Bearer ${options.key}` },
    querySerializer: { array: { style: 'form', explode: false } },
  });
  return clientAsOf(operations, options.asOf);
}

/** Creates the function that sends requests. From the outside in, it rejects HTML, retries, and caches. */
function transport({
  fetch = (request) => globalThis.fetch(request),
  cache = !isBrowser(),
  retries = 3,
  maxRetryDelayMs = 60_000,
}: ClientOptions): Fetch {
  const store = typeof cache === 'object' ? cache : cache ? memoryCache() : undefined;
  return refusingPages(retrying(caching(fetch, store), { retries, maxRetryDelayMs }));
}

const isBrowser = (): boolean => 'document' in globalThis || 'WorkerGlobalScope' in globalThis;

/** Rejects HTML, even with status 200: it is from a proxy, a login page or the wrong server, not the API. */
const refusingPages =
  (send: Fetch): Fetch =>
  async (request) => {
    const response = await send(request);
    const page = response.ok && response.headers.get('content-type')?.startsWith('text/html');
    if (page) throw new ProblemError(response, request.method === 'HEAD' ? '' : await response.text());
    return response;
  };

type Values = Record<string, unknown>;
/** Options of `GET`, independent of the path. */
interface Init extends CallOptions {
  params?: { path?: Values; query?: Values };
  parseAs?: 'arrayBuffer';
}
type Send = (path: string, init?: Init) => Promise<{ data?: unknown; error?: unknown; response: Response }>;

function clientAsOf(operations: Operations, pinned: AsOf | undefined): Client {
  const reading = (send: unknown): Send => {
    return (path, init) => (send as Send)(path, path.startsWith('/v1/') ? withAsOf(init, pinned) : init);
  };
  const GET = reading(operations.GET);

  const read = (path: string, id?: string, query?: object, options: CallOptions & Init = {}) =>
    unwrap(GET(path, { ...options, params: { path: { id }, query: checked(query) } }));
  const walk = (path: string, id?: string, query?: object, options?: CallOptions) =>
    paged((cursor) => read(path, id, { ...query, cursor }, options) as Promise<AnyPage>);

  const client = {
    ...operations,
    GET,
    HEAD: reading(operations.HEAD),
    list: (name: string, query?: object, options?: CallOptions) =>
      walk(`/v1/${name}`, undefined, query, options),
    get: (collection: string, id: string, query?: object, options?: CallOptions) =>
      read(`/v1/${collection}/{id}`, id, query, options),
    search: (q: string, query?: object, options?: CallOptions) =>
      walk('/v1/search', undefined, { ...query, q }, options),
    references: (collection: string, id: string, query?: object, options?: CallOptions) =>
      walk(`/v1/${collection}/{id}/references`, id, query, options),
    versions: (collection: string, id: string, query?: object, options?: CallOptions) =>
      walk(`/v1/${collection}/{id}/versions`, id, query, options),
    facets: (collection: string, query?: object, options?: CallOptions) =>
      read(`/v1/${collection}/facets`, undefined, query, options),
    async text(document: string, query?: object, options?: CallOptions) {
      const bytes = await read('/v1/documents/{id}/text', document, query, {
        ...options,
        parseAs: 'arrayBuffer',
      });
      // A byte order mark is a code point of the text, and offsets count it.
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes as ArrayBuffer);
    },
    passage: (document: string, query?: object, options?: CallOptions) =>
      walk('/v1/documents/{id}/facts', document, query, options),
    asOf: (asOf: AsOf) => clientAsOf(operations, asOf),
  };
  // The interface declares the types, and the tests check that this object has them.
  return client as unknown as Client;
}

/** Adds `asOf` to the query, unless the call has its own. */
function withAsOf(init: Init = {}, pinned: AsOf | undefined): Init {
  const query = init.params?.query;
  const asOf = query?.['asOf'] ?? pinned;
  const written = asOf instanceof Date ? asOf.toISOString() : asOf;
  return { ...init, params: { ...init.params, query: { ...query, asOf: written } } };
}

/** Rejects empty lists: the URL would omit them, so the request would match everything instead of nothing. */
function checked(query: object = {}): Values {
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value) && value.length === 0)
      throw new TypeError(`${name}: must not be an empty list; leave it out`);
  }
  return query as Values;
}
