/** Remembering answers with their ETag, so that what has not changed is not sent again. */
import type { Fetch } from './retry.ts';

/** An answer as it is remembered; it can be written as JSON. */
export interface CachedAnswer {
  /** By which the server tells whether it still holds. */
  etag: string;
  /** The headers that it came with. */
  headers: [name: string, value: string][];
  body: string;
}

/** Where answers are remembered. What it throws, the call throws. */
export interface CacheStore {
  get(key: string): CachedAnswer | undefined | Promise<CachedAnswer | undefined>;
  set(key: string, answer: CachedAnswer): unknown;
}

/** A store in memory that forgets what was used least lately, once keys and bodies come to more than `maxCharacters`. */
export function memoryCache({ maxCharacters = 10_000_000 }: { maxCharacters?: number } = {}): CacheStore {
  // A Map keeps the order of insertion: the first is the one used least lately.
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
 * Asks with `If-None-Match` for what `store` has, and gives the remembered body on 304. Only JSON and plain texts are
 * remembered: exports may be of any size, and are passed on as they come.
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
    // Here, and not by whoever asked: if the network fails in the midst of the body, it is tried again.
    const body = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
    const etag = response.headers.get('etag');
    if (key !== undefined && etag) await store?.set(key, { etag, headers: [...response.headers], body });
    return answerOf(response, body, response.headers);
  };
}

/** What an answer depends on. Which key it was asked with need not be told apart: the server is asked each time. */
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
  // A fact that got another id is found by a redirect, and the constructor would forget to where.
  return Object.defineProperties(answer, { url: { value: url }, redirected: { value: redirected } });
}
