/** The page at `/docs` and the files that it is made of, all from this server. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import { contentSecurityPolicy } from '../../http/csp.ts';
import { type ServedFile, serveFile } from '../../http/static-file.ts';
import { openapiDocument } from '../../openapi/published-files.ts';
import type { ReferenceDocument } from './operations.ts';
import { docsPage } from './page.ts';

// The images are those in Swagger UI's style sheet.
const headers = { 'content-security-policy': contentSecurityPolicy({ 'img-src': "'self' data:" }) };

const OURS = [
  'page.css',
  'operations.css',
  'examples.js',
  'reference.js',
  'operations.js',
  'accessibility.js',
  'icon.svg',
];
/** The package is taken for these files alone: the one of Swagger UI itself reports its installation to a third party. */
const SWAGGER_UI = ['swagger-ui.css', 'swagger-ui-bundle.js'];
const { resolve } = createRequire(import.meta.url);

const page = () => docsPage(openapiDocument() as unknown as ReferenceDocument);

const asset = (name: string, path: string | URL): ServedFile => ({
  url: `/docs/assets/${name}`,
  read: () => readFileSync(path),
  headers,
});

const files: ServedFile[] = [
  // For the page the whole OpenAPI document is parsed.
  ...['/docs', '/docs/'].map((url) => ({ url, extension: 'html', read: page, headers })),
  ...OURS.map((name) => asset(name, new URL(`assets/${name}`, import.meta.url))),
  ...SWAGGER_UI.map((name) => asset(name, resolve(`@fastify/swagger-ui/static/${name}`))),
];

export function docs(app: FastifyInstance): void {
  for (const file of files) serveFile(app, file);
}
