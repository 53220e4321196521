/** The page at `/docs` and the files that it is made of, all from this server. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import { etagOf, matches } from '../http/conditional.ts';
import { openapiDocument } from '../http/contract.ts';
import { undocumented } from '../http/operation.ts';
import { docsPage } from './page.ts';
import type { ReferenceDocument } from './reference.ts';

/** Nothing from elsewhere, and no script or style inside the page. The images are those in Swagger UI's style sheet. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const MEDIA_TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const OURS = [
  'page.css',
  'operations.css',
  'questions.js',
  'reference.js',
  'operations.js',
  'accessible.js',
  'icon.svg',
];
/** The package is taken for these files alone: the one of Swagger UI itself reports its installation to a third party. */
const SWAGGER_UI = ['swagger-ui.css', 'swagger-ui-bundle.js'];
const { resolve } = createRequire(import.meta.url);

interface File {
  url: string;
  mediaType: string;
  read: () => string | Buffer;
}

const page = () => docsPage(openapiDocument() as unknown as ReferenceDocument);

const asset = (name: string, path: string | URL): File => ({
  url: `/docs/assets/${name}`,
  mediaType: MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)] as string,
  read: () => readFileSync(path),
});

const files: File[] = [
  ...['/docs', '/docs/'].map((url) => ({ url, mediaType: 'text/html; charset=utf-8', read: page })),
  ...OURS.map((name) => asset(name, new URL(`assets/${name}`, import.meta.url))),
  ...SWAGGER_UI.map((name) => asset(name, resolve(`@fastify/swagger-ui/static/${name}`))),
];

export function docs(app: FastifyInstance): void {
  for (const file of files) serveFile(app, file);
}

/** A file is read at the first question: for the page the whole document is parsed, and few servers are asked for it. */
function serveFile(app: FastifyInstance, { url, mediaType, read }: File): void {
  let kept: { body: string | Buffer; etag: string } | undefined;
  app.get(url, undocumented, async (request, reply) => {
    kept ??= withEtag(read());
    reply.headers({
      etag: kept.etag,
      'cache-control': 'public, no-cache',
      'content-security-policy': CONTENT_SECURITY_POLICY,
    });
    const { 'if-none-match': ifNoneMatch = '' } = request.headers;
    if (ifNoneMatch === '*' || matches(ifNoneMatch, kept.etag)) return reply.code(304).send();
    return reply.type(mediaType).send(kept.body);
  });
}

const withEtag = (body: string | Buffer) => ({
  body,
  etag: etagOf([createHash('sha256').update(body).digest('hex')]),
});
