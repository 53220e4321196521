/** Generated files that the server publishes: the OpenAPI documents and the schemas, as committed. */
import { readFileSync } from 'node:fs';

type PublishedFile =
  | `openapi${'' | '-3.0'}.${'yaml' | 'json'}`
  | `schemas/${'dossier.json' | 'context.jsonld'}`;

const readProjectFile = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url));

const cache = new Map<PublishedFile, Buffer>();

/** Returns the content of a file, which is read at the first request and cached. */
export function readPublishedFile(name: PublishedFile): Buffer {
  const bytes = cache.get(name) ?? readProjectFile(name);
  cache.set(name, bytes);
  return bytes;
}

/** Parses the OpenAPI document. It is large, so the value is not cached. */
export const readOpenApiDocument = (): object =>
  JSON.parse(readPublishedFile('openapi.json').toString()) as object;
