/** Writes every file that follows from the code, so that a test can tell when one no longer does. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { buildApp } from '../app.ts';
import { dossierJsonSchema } from '../dossier/json-schema.ts';
import { contextDocument } from '../formats/jsonld/context.ts';
import { resources } from '../model/types/index.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import { askExamples, withExamples } from '../openapi/examples.ts';
import { DOSSIERS_FOLDER, seed } from '../seed.ts';
import { openStore } from '../store/open.ts';
import { createKey } from '../store/queries/api-keys.ts';
import { importerOn } from '../workers/import-queue.ts';
import { Refused } from './errors.ts';
import { outputFor } from './output.ts';

/** The clock of the examples, so that the files change only when the contract does. */
const EXAMPLE_CLOCK = new Date('2026-11-24T00:00:00Z');

const EXAMPLE_URL = 'https://facts.example.org';

/** Each generated file by its path, with what it should hold. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-'));
  const store = await openStore(`file:${join(folder, 'examples.sqlite')}`);
  try {
    await seed(store, DOSSIERS_FOLDER, () => EXAMPLE_CLOCK);
    const app = await buildApp({
      store,
      importer: importerOn(store, () => EXAMPLE_CLOCK),
      documented: true,
      config: {
        logLevel: 'silent',
        cacheMaxBytes: 0,
        publicUrl: EXAMPLE_URL,
        rateLimitPerMinute: 0,
        trustProxy: [],
      },
    });
    await app.ready();
    const { key } = await createKey(store, { name: 'a newsroom', scopes: ['write'], expiresAt: null });
    const examples = await askExamples(app, key);
    const files = {
      ...openApiFiles('openapi', withExamples(app.openapi31(), examples, '3.1')),
      ...openApiFiles('openapi-3.0', withExamples(app.openapi30(), examples, '3.0')),
      'schemas/context.jsonld': `${JSON.stringify(contextDocument(resources), null, 2)}\n`,
      'schemas/dossier.json': `${JSON.stringify(dossierJsonSchema(), null, 2)}\n`,
    };
    await app.close();
    return files;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/** In YAML for people, and the same in JSON: to make one of the other takes a server half a second, and much memory. */
function openApiFiles(name: string, document: OpenApiDocument): Record<string, string> {
  const yaml = openApiFile(document);
  return { [`${name}.yaml`]: yaml, [`${name}.json`]: JSON.stringify(parse(yaml, { maxAliasCount: 0 })) };
}

function openApiFile(document: OpenApiDocument): string {
  const yaml = stringify(document, { lineWidth: 110, aliasDuplicateObjects: false });
  const foreign = /.*[^\n\x20-\x7e].*/.exec(yaml);
  if (foreign)
    throw new Error(`some generators of clients read ASCII only, and this line is not: ${foreign[0]}`);
  return yaml;
}

/** `summit-facts generate [--check]` */
export async function generate({
  check = false,
  json = false,
}: {
  check?: boolean;
  json?: boolean;
}): Promise<void> {
  const stale: string[] = [];
  for (const [name, content] of Object.entries(await generatedFiles())) {
    const path = fileURLToPath(new URL(`../../${name}`, import.meta.url));
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
    stale.push(name);
    if (!check) writeFileSync(path, content);
  }
  if (check && stale.length > 0)
    throw new Refused(`${stale.join(', ')} must be made anew: npm run generate`, { stale });
  const output = outputFor({ json });
  output.line(stale.length === 0 ? 'every generated file is as it should be' : `wrote ${stale.join(', ')}`);
  output.document({ written: stale });
}
