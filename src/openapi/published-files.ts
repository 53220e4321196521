/** The published contract: the OpenAPI documents and what else is generated, as they are committed. */
import { readFileSync } from 'node:fs';

type ContractFile =
  | `openapi${'' | '-3.0'}.${'yaml' | 'json'}`
  | `schemas/${'dossier.json' | 'context.jsonld'}`;

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url));

const known = new Map<ContractFile, Buffer>();

/** What a file of the contract holds, read at the first question. */
export function contractFile(name: ContractFile): Buffer {
  const bytes = known.get(name) ?? read(name);
  known.set(name, bytes);
  return bytes;
}

/** The document as a value; it is large, and not kept. */
export const openapiDocument = (): object => JSON.parse(contractFile('openapi.json').toString()) as object;
