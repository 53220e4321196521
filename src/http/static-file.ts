/** Files that pages are made of, all from this server. */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { etagOf, matches } from './etag.ts';
import { undocumented } from './route-definition.ts';

const MEDIA_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

export interface ServedFile {
  url: string;
  /** What decides on the media type, if the URL does not end in it. */
  extension?: string;
  read: () => string | Buffer;
  headers?: Record<string, string>;
}

/** A file is read at the first question: few servers are asked for all of them. */
export function serveFile(app: FastifyInstance, { url, extension, read, headers = {} }: ServedFile): void {
  const mediaType = MEDIA_TYPES[extension ?? url.slice(url.lastIndexOf('.') + 1)] as string;
  let kept: { body: string | Buffer; etag: string } | undefined;
  app.get(url, undocumented, async (request, reply) => {
    kept ??= withEtag(read());
    reply.headers({ etag: kept.etag, 'cache-control': 'public, no-cache', ...headers });
    const { 'if-none-match': ifNoneMatch = '' } = request.headers;
    if (ifNoneMatch === '*' || matches(ifNoneMatch, kept.etag)) return reply.code(304).send();
    return reply.type(mediaType).send(kept.body);
  });
}

const withEtag = (body: string | Buffer) => ({
  body,
  etag: etagOf([createHash('sha256').update(body).digest('hex')]),
});
