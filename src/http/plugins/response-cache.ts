/**
 * Finished answers, kept while the revision lasts that they were read at. A request for one of them is answered by the
 * first hook there is, before its route, its parameters or the store are looked at.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ByteLruCache } from '../../lib/byte-lru-cache.ts';
import type { RevisionProbe } from '../../store/database.ts';
import type { LatestRevision } from '../../store/latest-revision.ts';
import { etagMatches } from '../etag.ts';
import type { RateLimitCheck } from './rate-limit.ts';
import { countHostHeaders } from './request-validation.ts';

export interface ResponseCache {
  /** Counts since the start, and what is held now. */
  readonly stats: { hits: number; misses: number; bytes(): number };
  /** Has the next request ask the store before it gets anything from here: what this process writes it sees at once. */
  invalidate(): void;
}

/** What a handler says of an answer that the next who asks may get. */
export interface CacheMetadata {
  /** The URL as it is written canonically. */
  url: string;
  /** The newest revision when it was read: of the same number there may be another, in a store that was set back. */
  latestRevision: number;
  latestRecordedAt: string | null;
}

declare module 'fastify' {
  interface FastifyReply {
    /** Set on an answer that may be kept. */
    cacheable: CacheMetadata | null;
  }
}

/** An answer as it goes out again: headers as names and values in turn, as `writeHead` takes them quickest. */
interface CachedResponse {
  etag: string;
  headers: string[];
  notModifiedHeaders: string[];
  body: Buffer;
}

/** What an entry takes beside its body and URL: headers, maps, lists. */
const ENTRY_OVERHEAD_BYTES = 4_096;
const ALIAS_OVERHEAD_BYTES = 256;

/** Headers that every answer has anew. */
const PER_RESPONSE_HEADERS =
  /^(x-request-id|ratelimit.*|connection|keep-alive|date|content-length|transfer-encoding)$/;
/** Headers of a body that is not sent. */
const BODY_HEADERS = /^(content-(type|disposition|language|encoding)|link)$/;

export function responseCache(
  app: FastifyInstance,
  probe: RevisionProbe,
  { maxBytes, checkRateLimit }: { maxBytes: number; checkRateLimit: RateLimitCheck | null },
): ResponseCache {
  // By canonical URL; and by any other way of asking for the same, the canonical URL.
  const entries: CacheEntries = new ByteLruCache(maxBytes);
  const revisionTracker = new RevisionTracker(probe, () => entries.clear());
  const stats = { hits: 0, misses: 0, bytes: () => entries.totalBytes };
  let closing = false;

  const findEntry = (request: FastifyRequest): CachedResponse | null => {
    const key = createCacheKey(request);
    if (key === null) return null;
    const value = entries.get(key);
    const entry = typeof value === 'string' ? entries.get(value) : value;
    return entry === undefined || typeof entry === 'string' ? null : entry;
  };

  app.decorateReply('cacheable', null);
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onRequest', (request, reply, done) => {
    // Whoever stops says so on each answer; the way that does is the ordinary one.
    if (closing || !isCacheableRequest(request)) return done();
    const respondFrom = (entry: CachedResponse | null) => {
      if (!entry || (checkRateLimit && request.ip === undefined)) return done();
      stats.hits += 1;
      if (!checkRateLimit) return sendCachedResponse(request, reply, entry, []);
      // One too many is counted again on the ordinary way, which refuses it.
      checkRateLimit(request).then(
        ({ exceeded, headers }) =>
          exceeded ? done() : sendCachedResponse(request, reply, entry, Object.entries(headers).flat()),
        done,
      );
    };
    if (!findEntry(request)) return respondFrom(null);
    const revalidation = revisionTracker.revalidate();
    if (revalidation === true) respondFrom(findEntry(request));
    // A store that does not answer says so to whoever asks it next.
    else
      revalidation.then(
        () => respondFrom(findEntry(request)),
        () => done(),
      );
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    const { cacheable } = reply;
    if (!cacheable) return done();
    stats.misses += 1;
    if (request.method !== 'GET' || reply.statusCode !== 200) return done();
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return done();
    const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
    const key = createCacheKey(request);
    if (key !== null && isCacheableRequest(request) && revisionTracker.isCurrent(cacheable)) {
      saveResponse(entries, cacheable.url, body, reply);
      if (key !== cacheable.url && entries.has(cacheable.url)) saveAlias(entries, key, cacheable.url);
    }
    done(null, body);
  });
  return { stats, invalidate: () => revisionTracker.invalidate() };
}

/** Which revision is the newest, as far as this process knows. */
class RevisionTracker {
  readonly #probe: RevisionProbe;
  readonly #onChange: () => void;
  #latest: Pick<LatestRevision, 'n' | 'recordedAt'> | null = null;
  #validatedAt = Number.NEGATIVE_INFINITY;
  #writeCount = 0;
  #pending: Promise<void> | null = null;

  constructor(probe: RevisionProbe, onChange: () => void) {
    this.#probe = probe;
    this.#onChange = onChange;
  }

  invalidate(): void {
    this.#validatedAt = Number.NEGATIVE_INFINITY;
    // What was asked before may not know yet.
    this.#pending = null;
  }

  /** True if what is known holds; else when it does again. */
  revalidate(): true | Promise<void> {
    const now = performance.now();
    if (this.#probe.writeCount !== this.#writeCount) this.invalidate();
    this.#writeCount = this.#probe.writeCount;
    if (now - this.#validatedAt < this.#probe.maxAgeMs) return true;
    if (this.#pending) return this.#pending;
    const result = this.#readLatestRevision();
    if (!(result instanceof Promise)) {
      this.#update(result, now);
      return true;
    }
    const pending = result
      .then((latest) => {
        // Doubted meanwhile: whoever waited for this asked before.
        if (this.#pending === pending) this.#update(latest, now);
      })
      .finally(() => {
        if (this.#pending === pending) this.#pending = null;
      });
    this.#pending = pending;
    return pending;
  }

  /** Whether an answer is of the newest revision known; one that is of a newer makes that known. */
  isCurrent({ latestRevision: n, latestRecordedAt }: CacheMetadata): boolean {
    if (n > (this.#latest?.n ?? 0) && latestRecordedAt !== null) {
      this.#update({ n, recordedAt: latestRecordedAt }, Number.NEGATIVE_INFINITY);
    }
    return n === (this.#latest?.n ?? 0) && latestRecordedAt === (this.#latest?.recordedAt ?? null);
  }

  /** A file that cannot be read tells so as a server does. */
  #readLatestRevision(): ReturnType<RevisionProbe['readLatestRevision']> {
    try {
      return this.#probe.readLatestRevision();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #update(latest: Pick<LatestRevision, 'n' | 'recordedAt'> | null, validatedAt: number): void {
    const previous = this.#latest;
    this.#latest = latest;
    this.#validatedAt = validatedAt;
    if (previous?.n !== latest?.n || previous?.recordedAt !== latest?.recordedAt) this.#onChange();
  }
}

/** Whether nothing in the request asks for more care than the answers that are kept can give. */
function isCacheableRequest(request: FastifyRequest): boolean {
  const { method, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (headers.authorization !== undefined || headers['if-none-match'] === '*') return false;
  if (headers['if-modified-since'] !== undefined && headers['if-none-match'] === undefined) return false;
  return countHostHeaders(request) === 1;
}

/** By what an answer to this request would be found: what it accepts has a say where it says more than "anything". */
function createCacheKey({ url, headers: { accept } }: FastifyRequest): string | null {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return url;
  return accept.length > MAX_ACCEPT_LENGTH ? null : `${url}\n${accept}`;
}

const MAX_ACCEPT_LENGTH = 300;

type CacheEntries = ByteLruCache<string, CachedResponse | string>;

function saveResponse(entries: CacheEntries, url: string, body: Buffer, reply: FastifyReply): void {
  if (entries.has(url)) return;
  const bytes = ENTRY_OVERHEAD_BYTES + 2 * url.length + body.length;
  // The ETag tells the URL too, and the revision.
  entries.setIfSeenBefore(url, bytes, () => toCachedResponse(reply, body), String(reply.getHeader('etag')));
}

const saveAlias = (entries: CacheEntries, key: string, url: string): void =>
  entries.set(key, ALIAS_OVERHEAD_BYTES + 2 * (key.length + url.length), url);

function toCachedResponse(reply: FastifyReply, body: Buffer): CachedResponse {
  const headers = Object.entries(reply.getHeaders()).filter(([name]) => !PER_RESPONSE_HEADERS.test(name));
  const flatten = (pairs: typeof headers) => pairs.flatMap(([name, value]) => [name, String(value)]);
  return {
    etag: String(reply.getHeader('etag')),
    headers: [...flatten(headers), 'content-length', String(body.length)],
    notModifiedHeaders: flatten(headers.filter(([name]) => !BODY_HEADERS.test(name))),
    body,
  };
}

/** Answers without what Fastify does for answers that are yet to be made. */
function sendCachedResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  entry: CachedResponse,
  rateLimitHeaders: readonly string[],
): void {
  const ifNoneMatch = request.raw.headers['if-none-match'];
  const isNotModified = ifNoneMatch !== undefined && etagMatches(ifNoneMatch, entry.etag);
  const headers = (isNotModified ? entry.notModifiedHeaders : entry.headers).concat(
    'x-request-id',
    request.id,
    rateLimitHeaders,
  );
  reply.hijack();
  reply.raw.writeHead(isNotModified ? 304 : 200, headers);
  if (isNotModified || request.method === 'HEAD') reply.raw.end();
  else reply.raw.end(entry.body);
}
