/** The published contract: the committed OpenAPI documents and the dossier schema, read once. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const packageJson = JSON.parse(read('package.json')) as { version: string };

/** The version of the software, which is also the version of the API document. */
export const version = packageJson.version;

export const openapiYaml = { '3.1': read('openapi.yaml'), '3.0': read('openapi-3.0.yaml') };
export const dossierSchema = read('schemas/dossier.json');
/** What the words of JSON-LD mean. */
export const jsonldContext = read('schemas/context.jsonld');

/**
 * Part of every ETag, so that a client's copy does not outlive what it was made by: the contract, our sources, the
 * packages that they use, and the words that search takes as one.
 */
export const contractVersion = createHash('sha256')
  .update(
    [read('package.json'), openapiYaml['3.1'], jsonldContext, read('db/synonyms.yaml'), ...sources()].join(
      '\0',
    ),
  )
  .digest('base64url')
  .slice(0, 12);

function sources(): string[] {
  const folder = fileURLToPath(new URL('../', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** The document as JSON, parsed at the first question. */
export function openapiDocument(edition: '3.1' | '3.0'): object {
  documents[edition] ??= parse(openapiYaml[edition], { maxAliasCount: 0 }) as object;
  return documents[edition];
}

const documents: Partial<Record<'3.1' | '3.0', object>> = {};
