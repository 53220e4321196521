/** Version of the software, and the part of every ETag that changes with it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const readProjectFile = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url));

const packageJson = JSON.parse(readProjectFile('package.json').toString()) as { version: string };

/** The version of the software, which is also the version of the API document. */
export const version = packageJson.version;

/**
 * Part of every ETag, so that a client's copy does not outlive what it was made by: the contract, our sources, the
 * packages that they use, and the words that search takes as one.
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
