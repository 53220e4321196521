/** The client: lists that can be walked, facts by their ids, and every operation under its own path. */
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

/** How a client is made. */
export interface ClientOptions extends Partial<RetryOptions> {
  /** Where the server is found, such as `https://facts.example.org`; a path may follow. */
  baseUrl: string;
  /** A key, for texts that are not shown to everybody and to write. Pages that others can see must not hold one. */
  key?: string | undefined;
  /** What all reading is as of: a revision number or an instant. Without it, the newest revision. */
  asOf?: AsOf | undefined;
  /** Sends requests in the place of the global `fetch`. */
  fetch?: Fetch | undefined;
  /**
   * Where answers are remembered by their ETag: a store of your own, `true` for one in memory, `false` for none. Without
   * it there is one in memory, but not in browsers: they remember answers themselves, and a header of ours would cost
   * a request more for every URL of another site.
   */
  cache?: CacheStore | boolean | undefined;
}

/** Every operation of the API under its own method and path, as openapi-fetch has them: `{ data, error, response }`. */
export type Operations = Pick<OpenapiClient<paths>, 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'>;

/**
 * A client of one server. What reads throws a `ProblemError` where the server answers with a problem, and whatever
 * `fetch` throws where there is no answer. Only `GET`, `PUT` and the like give the error instead.
 */
export interface Client extends Operations {
  /** A list, by what comes after `/v1/` in its path; the parameters are those of the API. Nothing is asked until it is walked. */
  list<N extends ListName>(name: N, ...args: Arguments<`/v1/${N}`>): Paged<PageOf<N>>;
  /** One fact. One that has got another id is found by its old one, too. */
  get<C extends Collection>(
    collection: C,
    id: string,
    ...args: Arguments<`/v1/${C}/{id}`>
  ): Promise<FactOf<C>>;
  /** Facts of all types that hold all the words, those with the words in their label first. */
  search(
    q: string,
    parameters?: Omit<ParametersOf<'/v1/search'>, 'q'>,
    options?: CallOptions,
  ): Paged<PageOf<'search'>>;
  /** What refers to a fact, and by which field. */
  references<C extends Collection>(
    collection: C,
    id: string,
    ...args: Arguments<`/v1/${C}/{id}/references`>
  ): Paged<PageAt<`/v1/${C}/{id}/references`>>;
  /** How a fact came to be what it is: by whom, when and why. */
  versions<C extends Collection>(
    collection: C,
    id: string,
    ...args: Arguments<`/v1/${C}/{id}/versions`>
  ): Paged<PageAt<`/v1/${C}/{id}/versions`>>;
  /** How many facts of a collection have which value in the fields that `by` names, under the filters of the list. */
  facets<C extends Collection>(
    collection: C,
    ...args: Arguments<`/v1/${C}/facets`>
  ): Promise<Answer<`/v1/${C}/facets`>>;
  /** The source text of a document: evidence of it counts its code points, from 0. */
  text(
    document: string,
    parameters?: ParametersOf<'/v1/documents/{id}/text'>,
    options?: CallOptions,
  ): Promise<string>;
  /** The facts in a passage of a document; `start` and `end` are in code points, `end` exclusive. */
  passage(
    document: string,
    ...args: Arguments<'/v1/documents/{id}/facts'>
  ): Paged<PageAt<'/v1/documents/{id}/facts'>>;
  /** The same client, but reading as of a revision or an instant. A call's own `asOf` goes before it. */
  asOf(asOf: AsOf): Client;
}

/** The page that a path answers. */
export type PageAt<P extends PagedPath> = Extract<Answer<P>, AnyPage>;

/** Makes a client; nothing is asked of the server yet. */
export function createClient(options: ClientOptions): Client {
  const operations = createOpenapiClient<paths>({
    baseUrl: options.baseUrl,
    fetch: transport(options),
    headers: { authorization: options.key === undefined ? undefined : `Bearer ${options.key}` },
    querySerializer: { array: { style: 'form', explode: false } },
  });
  return clientAsOf(operations, options.asOf);
}

/** How a request is sent, from the outside in: what is no answer of the API, trying again, remembering. */
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

/** The API answers with no HTML: what does is a proxy, a login or the wrong server, also where it says 200. */
const refusingPages =
  (send: Fetch): Fetch =>
  async (request) => {
    const response = await send(request);
    const page = response.ok && response.headers.get('content-type')?.startsWith('text/html');
    if (page) throw new ProblemError(response, request.method === 'HEAD' ? '' : await response.text());
    return response;
  };

type Values = Record<string, unknown>;
/** What `GET` takes, once it does not matter of which path. */
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
  // What each name takes and gives is said by the interface; that it is so, the tests say.
  return client as unknown as Client;
}

/** `asOf` in the query, if the call does not have one of its own. */
function withAsOf(init: Init = {}, pinned: AsOf | undefined): Init {
  const query = init.params?.query;
  const asOf = query?.['asOf'] ?? pinned;
  const written = asOf instanceof Date ? asOf.toISOString() : asOf;
  return { ...init, params: { ...init.params, query: { ...query, asOf: written } } };
}

/** A list without a value would be left out of the URL, and then everything would be found instead of nothing. */
function checked(query: object = {}): Values {
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value) && value.length === 0)
      throw new TypeError(`${name}: [] names no value; leave it out`);
  }
  return query as Values;
}
