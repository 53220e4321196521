import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { conditionalResponse } from './conditional-response.ts';
import { createEtag, type Encoding } from './etag.ts';
import { compress, MIN_COMPRESSED_BYTES, selectEncoding, setEncoding } from './plugins/compression.ts';
import { hiddenRoute } from './route-definition.ts';

const MEDIA_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

export interface StaticFile {
  url: string;
  /** Media type; by default that of the extension. */
  mediaType?: string;
  read: () => string | Buffer;
  headers?: Record<string, string>;
}

/** Serves a file that does not change. It is read at the first request: most servers never need all files. */
export function staticFileRoute(
  app: FastifyInstance,
  { url, mediaType = getMediaType(url), read, headers = {} }: StaticFile,
): void {
  let cached: CachedFile | undefined;
  app.get(url, hiddenRoute, (request, reply) => {
    cached ??= new CachedFile(read());
    const file = cached;
    reply.headers(headers);
    return conditionalResponse(request, reply, { etag: file.etag }, { alwaysExists: true }, async () => {
      reply.type(mediaType);
      const encoding = selectEncoding(request);
      if (encoding === null || file.body.length < MIN_COMPRESSED_BYTES) return file.body;
      const compressed = await file.compress(encoding);
      setEncoding(reply, encoding);
      return compressed;
    });
  });
}

const getMediaType = (url: string): string => MEDIA_TYPES[url.slice(url.lastIndexOf('.') + 1)] as string;

/** With a higher quality, the largest file would keep its first client waiting for seconds. */
const BROTLI_QUALITY = 9;

/** File with its compressed forms, each made when a client first asks for it. */
class CachedFile {
  readonly body: Buffer;
  readonly etag: string;
  readonly #compressed = new Map<Encoding, Promise<Buffer>>();

  constructor(body: string | Buffer) {
    this.body = Buffer.from(body);
    this.etag = createEtag([createHash('sha256').update(body).digest('hex')]);
  }

  compress(encoding: Encoding): Promise<Buffer> {
    const compressed = this.#compressed.get(encoding) ?? compress(encoding, this.body, BROTLI_QUALITY);
    this.#compressed.set(encoding, compressed);
    return compressed;
  }
}
