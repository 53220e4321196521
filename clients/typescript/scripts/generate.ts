/** Generates the types from the repository's `openapi.yaml` into `src/generated`, which is not committed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { parse } from 'yaml';

interface Described {
  description?: string;
}
type Schemas = Record<string, Described & { properties?: Record<string, Described> }>;

const contractFile = new URL('../../../openapi.yaml', import.meta.url);
const folder = new URL('../src/generated/', import.meta.url);

/** Writes all generated files. */
export async function generate(): Promise<void> {
  const contract = parse(readFileSync(contractFile, 'utf8'), withoutExample);
  const { schemas } = contract.components as { schemas: Schemas };
  mkdirSync(folder, { recursive: true });
  write('openapi.ts', astToString(await openapiTS(contract)));
  write('schemas.ts', schemaNames(schemas));
  write('problem-codes.ts', problemCodes(schemas.Problem?.properties?.code?.description ?? ''));
}

/** Removes the examples: complete responses would be two thirds of the types, where no editor shows them. */
const withoutExample = (key: unknown, value: unknown): unknown => (key === 'example' ? undefined : value);

/** Exports each schema under its own name, as a short form of `components['schemas']['Statement']`. */
function schemaNames(schemas: Schemas): string {
  const lines = Object.entries(schemas).map(([name, { description }]) => {
    const comment = description === undefined ? '' : `/** ${description.replaceAll('*/', '* /')} */\n`;
    return `${comment}export type ${name} = components['schemas']['${name}'];\n`;
  });
  return `import type { components } from './openapi.ts';\n${lines.join('')}`;
}

/** Extracts the codes from the description of `Problem.code`, which is not an enum, as more may be added. */
function problemCodes(description: string): string {
  const codes = [...description.matchAll(/^- `([a-z-]+)`: (.+)$/gm)];
  if (codes.length === 0) throw new Error('Problem.code lists no codes; update scripts/generate.ts');
  const lines = codes.map(([, code, title]) => `  /** ${title} */\n  | '${code}'\n`);
  return `/** Problem codes known when this client was built. */\nexport type KnownProblemCode =\n${lines.join('')};\n`;
}

function write(name: string, text: string): void {
  writeFileSync(new URL(name, folder), text);
}
