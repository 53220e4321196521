/** The published contract: the OpenAPI documents and what else is generated, as they are committed. */
import { readFileSync } from 'node:fs';

type PublishedFile =
  | `openapi${'' | '-3.0'}.${'yaml' | 'json'}`
  | `schemas/${'dossier.json' | 'context.jsonld'}`;

const readProjectFile = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url));

const cache = new Map<PublishedFile, Buffer>();

/** What a file of the contract holds, read at the first question. */
export function readPublishedFile(name: PublishedFile): Buffer {
  const bytes = cache.get(name) ?? readProjectFile(name);
  cache.set(name, bytes);
  return bytes;
}

/** The document as a value; it is large, and not kept. */
export const readOpenApiDocument = (): object =>
  JSON.parse(readPublishedFile('openapi.json').toString()) as object;
