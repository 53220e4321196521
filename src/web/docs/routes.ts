/** The page at `/docs` and the files that it is made of, all from this server. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import { buildContentSecurityPolicy } from '../../http/csp.ts';
import { type StaticFile, staticFileRoute } from '../../http/static-file.ts';
import { readOpenApiDocument } from '../../openapi/published-files.ts';
import type { OpenApiDocument } from './operations.ts';
import { renderDocsPage } from './page.ts';

// The images are those in Swagger UI's style sheet.
const headers = { 'content-security-policy': buildContentSecurityPolicy({ 'img-src': "'self' data:" }) };

const OWN_ASSETS = [
  'page.css',
  'operations.css',
  'examples.js',
  'reference.js',
  'operations.js',
  'accessibility.js',
  'icon.svg',
];
/** The package is taken for these files alone: the one of Swagger UI itself reports its installation to a third party. */
const SWAGGER_UI_ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js'];
const { resolve } = createRequire(import.meta.url);

const renderPage = () => renderDocsPage(readOpenApiDocument() as unknown as OpenApiDocument);

const toStaticFile = (name: string, path: string | URL): StaticFile => ({
  url: `/docs/assets/${name}`,
  read: () => readFileSync(path),
  headers,
});

const files: StaticFile[] = [
  // For the page the whole OpenAPI document is parsed.
  ...['/docs', '/docs/'].map((url) => ({ url, extension: 'html', read: renderPage, headers })),
  ...OWN_ASSETS.map((name) => toStaticFile(name, new URL(`assets/${name}`, import.meta.url))),
  ...SWAGGER_UI_ASSETS.map((name) => toStaticFile(name, resolve(`@fastify/swagger-ui/static/${name}`))),
];

export function docsRoutes(app: FastifyInstance): void {
  for (const file of files) staticFileRoute(app, file);
}
