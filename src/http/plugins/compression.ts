/** Compression of responses, negotiated by Accept-Encoding. */
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import { addEncoding, type Encoding } from '../etag.ts';

/** In order of preference. */
const ENCODINGS: readonly Encoding[] = ['br', 'gzip'];

/** With fewer bytes, headers are larger than what compression saves. */
export const MIN_COMPRESSED_BYTES = 1_024;

/** Images and most archives are compressed already; the SQLite archive is sent in ranges, which are of its own bytes. */
const COMPRESSIBLE_TYPE =
  /^(text\/|image\/svg|application\/([\w.+-]*\+)?(json|xml|yaml|javascript|x-ndjson|x-bibtex))/;

/** Qualities for responses that are compressed while a client waits: higher ones cost far more than they save. */
const BROTLI_QUALITY = 5;
/** Streams are not cached, so that each request pays. */
const STREAM_BROTLI_QUALITY = 4;
const GZIP_LEVEL = 6;

const brotliCompress = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

/** Compresses outside of the main thread. */
export const compress = (
  encoding: Encoding,
  body: Buffer | string,
  brotliQuality = BROTLI_QUALITY,
): Promise<Buffer> =>
  encoding === 'br'
    ? brotliCompress(body, toBrotliOptions(brotliQuality))
    : gzip(body, { level: GZIP_LEVEL });

const toBrotliOptions = (quality: number) => ({
  params: { [zlib.constants.BROTLI_PARAM_QUALITY]: quality },
});

const createCompressor = (encoding: Encoding) =>
  encoding === 'br'
    ? zlib.createBrotliCompress(toBrotliOptions(STREAM_BROTLI_QUALITY))
    : zlib.createGzip({ level: GZIP_LEVEL });

/** `@types/negotiator` lacks the options of Negotiator 1.1. */
interface EncodingNegotiator {
  encoding(available: readonly string[], options: { preferred: readonly string[] }): string | undefined;
}

/** Clients send few different headers. */
const selections = new LRUCache<string, { encoding: Encoding | null }>({ max: 100 });

/** Returns the encoding that the client prefers; null if the response must not be compressed. */
export function selectEncoding({ headers }: Pick<FastifyRequest, 'headers'>): Encoding | null {
  const accepted = String(headers['accept-encoding'] ?? '');
  if (accepted === '') return null;
  const known = selections.get(accepted);
  if (known) return known.encoding;
  const negotiator = new Negotiator({ headers: { 'accept-encoding': accepted } }) as EncodingNegotiator;
  // Browsers list brotli last, with the same quality.
  const preferred = negotiator.encoding([...ENCODINGS, 'identity'], { preferred: ENCODINGS });
  const encoding = ENCODINGS.find((each) => each === preferred) ?? null;
  selections.set(accepted, { encoding });
  return encoding;
}

/** Marks the response as compressed. */
export function setEncoding(reply: FastifyReply, encoding: Encoding): void {
  reply.header('content-encoding', encoding).removeHeader('content-length');
  const etag = reply.getHeader('etag');
  if (etag !== undefined) reply.header('etag', addEncoding(String(etag), encoding));
}

/** Compresses every response whose type allows it, unless its route has done so. */
export function compressResponses(app: FastifyInstance): void {
  app.addHook('onSend', (request, reply, payload, done) => {
    const isNotModified = reply.statusCode === 304;
    if (!isNotModified && !COMPRESSIBLE_TYPE.test(String(reply.getHeader('content-type')))) return done();
    appendVary(reply, 'Accept-Encoding');
    const encoding = selectEncoding(request);
    if (isNotModified || encoding === null || reply.hasHeader('content-encoding')) return done();
    if (payload instanceof Readable) {
      setEncoding(reply, encoding);
      // Either end may fail: an error breaks the connection, a client that disconnects ends the export.
      return done(
        null,
        pipeline(payload, createCompressor(encoding), () => {}),
      );
    }
    if (!isBody(payload) || Buffer.byteLength(payload) < MIN_COMPRESSED_BYTES) return done();
    setEncoding(reply, encoding);
    compress(encoding, payload).then((compressed) => done(null, compressed), done);
  });
}

const isBody = (payload: unknown): payload is string | Buffer =>
  typeof payload === 'string' || Buffer.isBuffer(payload);

function appendVary(reply: FastifyReply, name: string): void {
  const vary = reply.getHeader('vary');
  reply.header('vary', vary === undefined ? name : `${vary}, ${name}`);
}
