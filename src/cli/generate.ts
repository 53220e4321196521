/** Generates the committed files that are derived from the code. A test fails when one is out of date. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { buildApp } from '../app.ts';
import { createDossierJsonSchema } from '../dossier/json-schema.ts';
import { buildContextDocument } from '../formats/jsonld/context.ts';
import { factTypes } from '../model/types/index.ts';
import type { OpenApiDocument } from '../openapi/document.ts';
import { addExamples, fetchExamples } from '../openapi/examples.ts';
import { toYaml } from '../openapi/to-yaml.ts';
import { DOSSIERS_FOLDER, seed } from '../seed.ts';
import { createKey } from '../store/api-keys.ts';
import { openStore } from '../store/open.ts';
import { createInProcessImportQueue } from '../workers/import-queue.ts';
import { CommandError } from './errors.ts';
import { createOutput } from './output.ts';

/** Fixed time of the examples, so that the files change only when the contract does. */
const EXAMPLE_TIME = new Date('2026-11-24T00:00:00Z');

const EXAMPLE_URL = 'https://facts.example.org';

/** Returns the expected content of each generated file, by path. */
export async function buildGeneratedFiles(): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'summit-facts-'));
  const store = await openStore(`file:${join(folder, 'examples.sqlite')}`);
  try {
    await seed(store, DOSSIERS_FOLDER, () => EXAMPLE_TIME);
    const app = await buildApp({
      store,
      importQueue: createInProcessImportQueue(store, () => EXAMPLE_TIME),
      openapi: true,
      config: {
        logLevel: 'silent',
        cacheMaxBytes: 0,
        publicUrl: null,
        rateLimitPerMinute: 0,
        trustProxy: [],
      },
    });
    // Examples are those of a server without a configured URL: links are paths, and exports have its address.
    app.publicUrl = () => EXAMPLE_URL;
    await app.ready();
    const { key } = await createKey(store, { name: 'a newsroom', scopes: ['write'], expiresAt: null });
    const examples = await fetchExamples(app, key);
    const files = {
      ...buildOpenApiFiles('openapi', addExamples(app.openapi31(), examples, '3.1')),
      ...buildOpenApiFiles('openapi-3.0', addExamples(app.openapi30(), examples, '3.0')),
      'schemas/context.jsonld': `${JSON.stringify(buildContextDocument(factTypes), null, 2)}\n`,
      'schemas/dossier.json': `${JSON.stringify(createDossierJsonSchema(), null, 2)}\n`,
    };
    await app.close();
    return files;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

/**
 * Serializes the document as YAML for people and as the same JSON. Converting one to the other at run time
 * would cost the server half a second and much memory.
 */
function buildOpenApiFiles(name: string, document: OpenApiDocument): Record<string, string> {
  const yaml = toYaml(document);
  return { [`${name}.yaml`]: yaml, [`${name}.json`]: JSON.stringify(parse(yaml, { maxAliasCount: 0 })) };
}

/** `summit-facts generate [--check]` */
export async function generateFiles({
  check = false,
  json = false,
}: {
  check?: boolean;
  json?: boolean;
}): Promise<void> {
  const stale: string[] = [];
  for (const [name, content] of Object.entries(await buildGeneratedFiles())) {
    const path = fileURLToPath(new URL(`../../${name}`, import.meta.url));
    if (existsSync(path) && readFileSync(path, 'utf8') === content) continue;
    stale.push(name);
    if (!check) writeFileSync(path, content);
  }
  if (check && stale.length > 0)
    throw new CommandError(`${stale.join(', ')}: out of date, run npm run generate`, { stale });
  const output = createOutput({ json });
  output.writeLine(stale.length === 0 ? 'all generated files are up to date' : `wrote ${stale.join(', ')}`);
  output.writeJson({ written: stale });
}
