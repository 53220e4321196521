import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const readProjectFile = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url));

const packageJson = JSON.parse(readProjectFile('package.json').toString()) as { version: string };

/** Version of the software and of the OpenAPI documents. */
export const version = packageJson.version;

/**
 * Part of every ETag, so that a client's copy becomes stale when the code that produced it changes. It covers
 * the OpenAPI document, the JSON-LD context, the sources, the dependencies and the synonyms of the search.
 */
export const buildFingerprint = hashFiles([
  ...['package.json', 'openapi.yaml', 'schemas/context.jsonld', 'db/synonyms.yaml'].map(readProjectFile),
  ...readSourceFiles(),
]);

function hashFiles(files: Buffer[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0');
  return hash.digest('base64url').slice(0, 12);
}

function readSourceFiles(): Buffer[] {
  const folder = fileURLToPath(new URL('../', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => readFileSync(join(folder, name)));
}
