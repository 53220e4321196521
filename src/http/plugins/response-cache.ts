/**
 * Cache of responses at the newest revision. The first hook serves a cached response before parameters are
 * validated and before any query except the check for a newer revision.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ByteLruCache } from '../../lib/byte-lru-cache.ts';
import type { RevisionProbe } from '../../store/database.ts';
import type { LatestRevision } from '../../store/latest-revision.ts';
import { type Encoding, etagMatches, removeEncoding } from '../etag.ts';
import { selectEncoding } from './compression.ts';
import type { RateLimitCheck } from './rate-limit.ts';
import { countHostHeaders } from './request-validation.ts';

export interface ResponseCache {
  /** Counts since the start, and current size. */
  readonly stats: { hits: number; misses: number; bytes(): number };
  /** Makes the next request check for a newer revision, so that a process sees its own writes immediately. */
  invalidate(): void;
}

/** Metadata that a handler sets on a response that may be cached. */
export interface CacheMetadata {
  /** Canonical URL. */
  url: string;
  /** Newest revision when the response was read. A database restored from a backup may reuse its number. */
  latestRevision: number;
  latestRecordedAt: string | null;
}

declare module 'fastify' {
  interface FastifyReply {
    /** Metadata of a response that may be cached, otherwise null. */
    cacheable: CacheMetadata | null;
  }
}

/** Cached response. Headers are a flat list of names and values, the fastest form for `writeHead`. */
interface CachedResponse {
  /** ETag of the response without its encoding. */
  baseEtag: string;
  headers: string[];
  notModifiedHeaders: string[];
  body: Buffer;
}

/** Estimated memory of an entry in addition to its body and URL: headers, maps, lists. */
const ENTRY_OVERHEAD_BYTES = 4_096;
const ALIAS_OVERHEAD_BYTES = 256;

/** Headers that differ for each response. */
const PER_RESPONSE_HEADERS =
  /^(x-request-id|ratelimit.*|connection|keep-alive|date|content-length|transfer-encoding)$/;
/** Headers that describe the body, which a 304 does not have. */
const BODY_HEADERS = /^(content-(type|disposition|language|encoding)|link)$/;

export function responseCache(
  app: FastifyInstance,
  probe: RevisionProbe,
  { maxBytes, checkRateLimit }: { maxBytes: number; checkRateLimit: RateLimitCheck | null },
): ResponseCache {
  // A response under its canonical key, or that key under an alias: another form of the same request.
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
    // While shutting down, skip the cache so that `Connection: close` is sent.
    if (closing || !isCacheableRequest(request)) return done();
    const respondFrom = (entry: CachedResponse | null) => {
      if (!entry || (checkRateLimit && request.ip === undefined)) return done();
      stats.hits += 1;
      if (!checkRateLimit) return sendCachedResponse(request, reply, entry, []);
      // A request over the limit is passed on, and counted again by the hook that rejects it.
      checkRateLimit(request).then(
        ({ exceeded, headers }) =>
          exceeded ? done() : sendCachedResponse(request, reply, entry, Object.entries(headers).flat()),
        done,
      );
    };
    if (!findEntry(request)) return respondFrom(null);
    const revalidation = revisionTracker.revalidate();
    if (revalidation === true) respondFrom(findEntry(request));
    // If the database does not respond, the handler's own query reports it.
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
      const canonicalKey = addEncodingToKey(cacheable.url, request);
      saveResponse(entries, canonicalKey, body, reply);
      if (key !== canonicalKey && entries.has(canonicalKey)) saveAlias(entries, key, canonicalKey);
    }
    done(null, body);
  });
  return { stats, invalidate: () => revisionTracker.invalidate() };
}

/** Newest revision, as far as this process knows. */
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
    // A query that is already running may not see the newest write.
    this.#pending = null;
  }

  /** Returns true if the known revision is current, otherwise a promise that resolves once it is. */
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
        // Ignore the result if it was invalidated meanwhile: its waiters arrived before the invalidation.
        if (this.#pending === pending) this.#update(latest, now);
      })
      .finally(() => {
        if (this.#pending === pending) this.#pending = null;
      });
    this.#pending = pending;
    return pending;
  }

  /** True if the response was read at the newest known revision; updates it if the response is newer. */
  isCurrent({ latestRevision: n, latestRecordedAt }: CacheMetadata): boolean {
    if (n > (this.#latest?.n ?? 0) && latestRecordedAt !== null) {
      this.#update({ n, recordedAt: latestRecordedAt }, Number.NEGATIVE_INFINITY);
    }
    return n === (this.#latest?.n ?? 0) && latestRecordedAt === (this.#latest?.recordedAt ?? null);
  }

  /** Converts a synchronous error, as SQLite throws it, to a rejection, as PostgreSQL returns it. */
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

/** True if the cache can serve the request: other conditional requests and keys need the handler. */
function isCacheableRequest(request: FastifyRequest): boolean {
  const { method, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (headers.authorization !== undefined || headers['if-none-match'] === '*') return false;
  if (headers['if-modified-since'] !== undefined && headers['if-none-match'] === undefined) return false;
  return countHostHeaders(request) === 1;
}

/** Cache key of the request: the URL, its encoding, and `Accept` unless it allows anything or JSON. */
function createCacheKey(request: FastifyRequest): string | null {
  const { accept } = request.headers;
  const key = addEncodingToKey(request.url, request);
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return key;
  return accept.length > MAX_ACCEPT_LENGTH ? null : `${key}\n${accept}`;
}

/** Responses are cached as they were sent, so that each is compressed once. */
function addEncodingToKey(key: string, request: FastifyRequest): string {
  const encoding = selectEncoding(request);
  return encoding === null ? key : `${key}\n${encoding}`;
}

const MAX_ACCEPT_LENGTH = 300;

type CacheEntries = ByteLruCache<string, CachedResponse | string>;

function saveResponse(entries: CacheEntries, key: string, body: Buffer, reply: FastifyReply): void {
  if (entries.has(key)) return;
  const bytes = ENTRY_OVERHEAD_BYTES + 2 * key.length + body.length;
  // The ETag identifies URL, revision and encoding, and is shorter than the URL.
  entries.setIfSeenBefore(key, bytes, () => toCachedResponse(reply, body), String(reply.getHeader('etag')));
}

const saveAlias = (entries: CacheEntries, key: string, canonicalKey: string): void =>
  entries.set(key, ALIAS_OVERHEAD_BYTES + 2 * (key.length + canonicalKey.length), canonicalKey);

function toCachedResponse(reply: FastifyReply, body: Buffer): CachedResponse {
  const headers = Object.entries(reply.getHeaders()).filter(([name]) => !PER_RESPONSE_HEADERS.test(name));
  const flatten = (pairs: typeof headers) => pairs.flatMap(([name, value]) => [name, String(value)]);
  const etag = String(reply.getHeader('etag'));
  const encoding = reply.getHeader('content-encoding') as Encoding | undefined;
  return {
    baseEtag: encoding === undefined ? etag : removeEncoding(etag, encoding),
    headers: [...flatten(headers), 'content-length', String(body.length)],
    notModifiedHeaders: flatten(headers.filter(([name]) => !BODY_HEADERS.test(name))),
    body,
  };
}

/** Sends a cached response directly, without Fastify's reply pipeline. */
function sendCachedResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  entry: CachedResponse,
  rateLimitHeaders: readonly string[],
): void {
  const ifNoneMatch = request.raw.headers['if-none-match'];
  const isNotModified = ifNoneMatch !== undefined && etagMatches(ifNoneMatch, entry.baseEtag);
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
