/** Page at `/docs` and its assets, all served by this server. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { FastifyInstance } from 'fastify';
import { buildContentSecurityPolicy } from '../../http/csp.ts';
import { type StaticFile, staticFileRoute } from '../../http/static-file.ts';
import { readOpenApiDocument } from '../../openapi/published-files.ts';
import { addBasePath } from '../base-path.ts';
import { HTML_TYPE } from '../page-route.ts';
import type { OpenApiDocument } from './operations.ts';
import { renderDocsPage } from './page.ts';

// The stylesheet of Swagger UI has inline images.
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
/** Files of @fastify/swagger-ui, because Swagger UI's own package reports installations to a third party. */
const SWAGGER_UI_ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js'];
const { resolve } = createRequire(import.meta.url);

const renderPage = () => renderDocsPage(readOpenApiDocument() as unknown as OpenApiDocument);

const toStaticFile = (name: string, path: string | URL): StaticFile => ({
  url: `/docs/assets/${name}`,
  read: () => readFileSync(path),
  headers,
});

const assets: StaticFile[] = [
  ...OWN_ASSETS.map((name) => toStaticFile(name, new URL(`assets/${name}`, import.meta.url))),
  ...SWAGGER_UI_ASSETS.map((name) => toStaticFile(name, resolve(`@fastify/swagger-ui/static/${name}`))),
];

export function docsRoutes(app: FastifyInstance): void {
  for (const file of assets) staticFileRoute(app, file);
  // Rendered at the first request, because this parses the complete OpenAPI document.
  const read = () => addBasePath(renderPage(), app.basePath);
  for (const url of ['/docs', '/docs/']) staticFileRoute(app, { url, mediaType: HTML_TYPE, read, headers });
}
