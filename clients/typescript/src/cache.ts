/** Cache of responses by ETag, so that the server does not send unchanged ones again. */
import type { Fetch } from './retry.ts';

/** Cached response, serializable as JSON. */
export interface CachedAnswer {
  /** Validator for conditional requests. */
  etag: string;
  /** Headers of the response. */
  headers: [name: string, value: string][];
  body: string;
}

/** Store for cached responses. A call throws the errors of its store. */
export interface CacheStore {
  get(key: string): CachedAnswer | undefined | Promise<CachedAnswer | undefined>;
  set(key: string, answer: CachedAnswer): unknown;
}

/**
 * Creates a store in memory. It evicts the least recently used responses when keys and bodies together have
 * more than `maxCharacters`.
 */
export function memoryCache({ maxCharacters = 10_000_000 }: { maxCharacters?: number } = {}): CacheStore {
  // A Map iterates in insertion order, so its first entry is the least recently used.
  const answers = new Map<string, CachedAnswer>();
  let characters = 0;
  const sizeOf = (key: string, { body }: CachedAnswer) => key.length + body.length;
  const forget = (key: string) => {
    const answer = answers.get(key);
    if (answer && answers.delete(key)) characters -= sizeOf(key, answer);
    return answer;
  };
  const keep = (key: string, answer: CachedAnswer) => {
    answers.set(key, answer);
    characters += sizeOf(key, answer);
  };
  return {
    get(key) {
      const answer = forget(key);
      if (answer) keep(key, answer);
      return answer;
    },
    set(key, answer) {
      forget(key);
      if (sizeOf(key, answer) > maxCharacters) return;
      keep(key, answer);
      for (const oldest of answers.keys()) {
        if (characters <= maxCharacters) break;
        forget(oldest);
      }
    },
  };
}

/**
 * Revalidates cached responses with `If-None-Match`, and returns the cached body on 304. Caches only JSON and
 * plain text: exports can have any size and are streamed through.
 */
export function caching(send: Fetch, store: CacheStore | undefined): Fetch {
  return async (request) => {
    const conditional = request.headers.has('if-none-match');
    const key = store && request.method === 'GET' && !conditional ? keyOf(request) : undefined;
    const known = key === undefined ? undefined : await store?.get(key);
    const response = await send(known ? withETag(request, known.etag) : request);
    if (response.status === 304 && known) {
      const headers = new Headers(known.headers);
      response.headers.forEach((value, name) => {
        headers.set(name, value);
      });
      return answerOf(response, known.body, headers);
    }
    if (request.method !== 'GET' || !response.ok || !isBuffered(response)) return response;
    // Read the body here and not in the caller: if the network fails halfway, the request is retried.
    const body = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
    const etag = response.headers.get('etag');
    if (key !== undefined && etag) await store?.set(key, { etag, headers: [...response.headers], body });
    return answerOf(response, body, response.headers);
  };
}

/** Returns the cache key. API keys may share an entry, because the server revalidates it for each of them. */
function keyOf({ url, headers }: Request): string {
  const authorized = headers.has('authorization') ? 'authorized' : 'open';
  return `${url} ${headers.get('accept') ?? '*/*'} ${authorized}`;
}

function withETag(request: Request, etag: string): Request {
  const headers = new Headers(request.headers);
  headers.set('if-none-match', etag);
  return new Request(request, { headers });
}

const isBuffered = ({ headers }: Response): boolean =>
  /^(application\/json|text\/plain)\b/.test(headers.get('content-type') ?? '');

function answerOf({ url, redirected }: Response, body: string, headers: Headers): Response {
  const answer = new Response(body, { status: 200, headers });
  // A renamed fact is found through a redirect, and the constructor would drop the URL that it leads to.
  return Object.defineProperties(answer, { url: { value: url }, redirected: { value: redirected } });
}
