/**
 * Finished answers, kept while the revision lasts that they were read at. A request for one of them is answered by the
 * first hook there is, before its route, its parameters or the store are looked at.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Kept } from '../../lib/byte-lru-cache.ts';
import type { RevisionWatch } from '../../store/database.ts';
import type { Newest } from '../../store/latest-revision.ts';
import { matches } from '../etag.ts';
import type { CountRequest } from './rate-limit.ts';
import { hostsIn } from './request-validation.ts';

export interface AnswerCache {
  /** Counts since the start, and what is held now. */
  readonly stats: { hits: number; misses: number; bytes(): number };
  /** Has the next request ask the store before it gets anything from here: what this process writes it sees at once. */
  doubt(): void;
}

/** What a handler says of an answer that the next who asks may get. */
export interface Cacheable {
  /** The URL as it is written canonically. */
  url: string;
  /** The newest revision when it was read: of the same number there may be another, in a store that was set back. */
  newest: number;
  newestRecordedAt: string | null;
}

declare module 'fastify' {
  interface FastifyReply {
    /** Set on an answer that may be kept. */
    cacheable: Cacheable | null;
  }
}

/** An answer as it goes out again: headers as names and values in turn, as `writeHead` takes them quickest. */
interface Finished {
  etag: string;
  headers: string[];
  notModified: string[];
  body: Buffer;
}

/** What an entry takes beside its body and URL: headers, maps, lists. */
const ENTRY_BYTES = 4_096;
const ALIAS_BYTES = 256;

/** Headers that every answer has anew. */
const NOT_KEPT = /^(x-request-id|ratelimit.*|connection|keep-alive|date|content-length|transfer-encoding)$/;
/** Headers of a body that is not sent. */
const NOT_ON_304 = /^(content-(type|disposition|language|encoding)|link)$/;

export function answerCache(
  app: FastifyInstance,
  watch: RevisionWatch,
  { maxBytes, count }: { maxBytes: number; count: CountRequest | null },
): AnswerCache {
  // By canonical URL; and by any other way of asking for the same, the canonical URL.
  const kept: KeptAnswers = new Kept(maxBytes);
  const state = new WatchedRevision(watch, () => kept.clear());
  const stats = { hits: 0, misses: 0, bytes: () => kept.bytes };
  let closing = false;

  const find = (request: FastifyRequest): Finished | null => {
    const key = keyOf(request);
    if (key === null) return null;
    const found = kept.get(key);
    const entry = typeof found === 'string' ? kept.get(found) : found;
    return entry === undefined || typeof entry === 'string' ? null : entry;
  };

  app.decorateReply('cacheable', null);
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onRequest', (request, reply, done) => {
    // Whoever stops says so on each answer; the way that does is the ordinary one.
    if (closing || !isPlain(request)) return done();
    const answerFrom = (entry: Finished | null) => {
      if (!entry || (count && request.ip === undefined)) return done();
      stats.hits += 1;
      if (!count) return send(request, reply, entry, []);
      // One too many is counted again on the ordinary way, which refuses it.
      count(request).then(
        ({ exceeded, headers }) =>
          exceeded ? done() : send(request, reply, entry, Object.entries(headers).flat()),
        done,
      );
    };
    if (!find(request)) return answerFrom(null);
    const known = state.confirm();
    if (known === true) answerFrom(find(request));
    // A store that does not answer says so to whoever asks it next.
    else
      known.then(
        () => answerFrom(find(request)),
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
    const key = keyOf(request);
    if (key !== null && isPlain(request) && state.hasCome(cacheable)) {
      keep(kept, cacheable.url, body, reply);
      if (key !== cacheable.url && kept.has(cacheable.url)) keepAlias(kept, key, cacheable.url);
    }
    done(null, body);
  });
  return { stats, doubt: () => state.doubt() };
}

/** Which revision is the newest, as far as this process knows. */
class WatchedRevision {
  readonly #watch: RevisionWatch;
  readonly #onChange: () => void;
  #newest: Pick<Newest, 'n' | 'recordedAt'> | null = null;
  #confirmedAt = Number.NEGATIVE_INFINITY;
  #writes = 0;
  #asking: Promise<void> | null = null;

  constructor(watch: RevisionWatch, onChange: () => void) {
    this.#watch = watch;
    this.#onChange = onChange;
  }

  doubt(): void {
    this.#confirmedAt = Number.NEGATIVE_INFINITY;
    // What was asked before may not know yet.
    this.#asking = null;
  }

  /** True if what is known holds; else when it does again. */
  confirm(): true | Promise<void> {
    const now = performance.now();
    if (this.#watch.writes !== this.#writes) this.doubt();
    this.#writes = this.#watch.writes;
    if (now - this.#confirmedAt < this.#watch.holdsForMs) return true;
    if (this.#asking) return this.#asking;
    const asked = this.#ask();
    if (!(asked instanceof Promise)) {
      this.#learn(asked, now);
      return true;
    }
    const asking = asked
      .then((newest) => {
        // Doubted meanwhile: whoever waited for this asked before.
        if (this.#asking === asking) this.#learn(newest, now);
      })
      .finally(() => {
        if (this.#asking === asking) this.#asking = null;
      });
    this.#asking = asking;
    return asking;
  }

  /** Whether an answer is of the newest revision known; one that is of a newer makes that known. */
  hasCome({ newest: n, newestRecordedAt }: Cacheable): boolean {
    if (n > (this.#newest?.n ?? 0) && newestRecordedAt !== null) {
      this.#learn({ n, recordedAt: newestRecordedAt }, Number.NEGATIVE_INFINITY);
    }
    return n === (this.#newest?.n ?? 0) && newestRecordedAt === (this.#newest?.recordedAt ?? null);
  }

  /** A file that cannot be read tells so as a server does. */
  #ask(): ReturnType<RevisionWatch['newest']> {
    try {
      return this.#watch.newest();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #learn(newest: Pick<Newest, 'n' | 'recordedAt'> | null, at: number): void {
    const known = this.#newest;
    this.#newest = newest;
    this.#confirmedAt = at;
    if (known?.n !== newest?.n || known?.recordedAt !== newest?.recordedAt) this.#onChange();
  }
}

/** Whether nothing in the request asks for more care than the answers that are kept can give. */
function isPlain(request: FastifyRequest): boolean {
  const { method, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return false;
  if (headers.authorization !== undefined || headers['if-none-match'] === '*') return false;
  if (headers['if-modified-since'] !== undefined && headers['if-none-match'] === undefined) return false;
  return hostsIn(request) === 1;
}

/** By what an answer to this request would be found: what it accepts has a say where it says more than "anything". */
function keyOf({ url, headers: { accept } }: FastifyRequest): string | null {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return url;
  return accept.length > MAX_ACCEPT_LENGTH ? null : `${url}\n${accept}`;
}

const MAX_ACCEPT_LENGTH = 300;

type KeptAnswers = Kept<string, Finished | string>;

function keep(kept: KeptAnswers, url: string, body: Buffer, reply: FastifyReply): void {
  if (kept.has(url)) return;
  const bytes = ENTRY_BYTES + 2 * url.length + body.length;
  // The ETag tells the URL too, and the revision.
  kept.offer(url, bytes, () => finished(reply, body), String(reply.getHeader('etag')));
}

const keepAlias = (kept: KeptAnswers, key: string, url: string): void =>
  kept.keep(key, ALIAS_BYTES + 2 * (key.length + url.length), url);

function finished(reply: FastifyReply, body: Buffer): Finished {
  const names = Object.entries(reply.getHeaders()).filter(([name]) => !NOT_KEPT.test(name));
  const flat = (of: typeof names) => of.flatMap(([name, value]) => [name, String(value)]);
  return {
    etag: String(reply.getHeader('etag')),
    headers: [...flat(names), 'content-length', String(body.length)],
    notModified: flat(names.filter(([name]) => !NOT_ON_304.test(name))),
    body,
  };
}

/** Answers without what Fastify does for answers that are yet to be made. */
function send(
  request: FastifyRequest,
  reply: FastifyReply,
  entry: Finished,
  counted: readonly string[],
): void {
  const ifNoneMatch = request.raw.headers['if-none-match'];
  const fresh = ifNoneMatch !== undefined && matches(ifNoneMatch, entry.etag);
  const headers = (fresh ? entry.notModified : entry.headers).concat('x-request-id', request.id, counted);
  reply.hijack();
  reply.raw.writeHead(fresh ? 304 : 200, headers);
  if (fresh || request.method === 'HEAD') reply.raw.end();
  else reply.raw.end(entry.body);
}
