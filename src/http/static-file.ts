import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { conditionalResponse } from './conditional-response.ts';
import { createEtag } from './etag.ts';
import { hiddenRoute } from './route-definition.ts';

const MEDIA_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

export interface StaticFile {
  url: string;
  /** Extension that determines the media type, if the URL does not end in it. */
  extension?: string;
  read: () => string | Buffer;
  headers?: Record<string, string>;
}

/** Serves a file that pages use. It is read at the first request: most servers never need all files. */
export function staticFileRoute(
  app: FastifyInstance,
  { url, extension, read, headers = {} }: StaticFile,
): void {
  const mediaType = MEDIA_TYPES[extension ?? url.slice(url.lastIndexOf('.') + 1)] as string;
  let cached: { body: string | Buffer; etag: string } | undefined;
  app.get(url, hiddenRoute, (request, reply) => {
    cached ??= toCachedFile(read());
    const { body, etag } = cached;
    reply.headers(headers);
    return conditionalResponse(request, reply, { etag }, { alwaysExists: true }, () => {
      reply.type(mediaType);
      return body;
    });
  });
}

const toCachedFile = (body: string | Buffer) => ({
  body,
  etag: createEtag([createHash('sha256').update(body).digest('hex')]),
});
