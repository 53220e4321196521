/** Dossier in the OpenAPI documents, compared with the schema of dossier files that it is derived from. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { DossierSchema, simplifySchema } from '../../src/dossier/openapi-schema.ts';
import { AuthoredFact, Dossier, factSchemasByType } from '../../src/dossier/schema.ts';
import { reference, text } from '../../src/model/fields.ts';
import { factTypesByName } from '../../src/model/types/index.ts';

interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}

const toJsonSchema = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;

/** Returns the descriptions of all fields by path; `?` follows the name of a field that may be left out. */
function describeFields(schema: z.ZodType): Record<string, string | undefined> {
  const root = toJsonSchema(schema);
  const fields: Record<string, string | undefined> = {};
  const visit = (node: JsonSchema, path: string): void => {
    const definition = node.$ref ? (root.$defs?.[node.$ref.replace('#/$defs/', '')] as JsonSchema) : node;
    const { description, properties = {}, required = [], items, anyOf = [] } = definition;
    if (path) fields[path] ??= description;
    for (const [name, property] of Object.entries(properties))
      visit(property, `${path}/${name}${required.includes(name) ? '' : '?'}`);
    if (items) visit(items, `${path}[]`);
    for (const option of anyOf) visit(option, path);
  };
  visit(root, '');
  return fields;
}

const omitFields = (fields: Record<string, string | undefined>, omitted: RegExp) =>
  Object.fromEntries(Object.entries(fields).filter(([path]) => !omitted.test(path)));

const folders = ['db/dossiers', 'tests/fixtures/dossiers'].flatMap((parent) =>
  readdirSync(parent).map((name) => `${parent}/${name}`),
);

describe('the dossier in the OpenAPI documents', () => {
  it('has the fields and descriptions of a dossier file, and the text', () => {
    const { '/text?': textDescription, ...fields } = describeFields(DossierSchema);
    expect(textDescription).toContain('Source text');
    expect(fields['/corrects?[]/evidence?[]/quote']).toBe('Exact words of the source text.');
    const facts = /^\/facts\[\]/;
    expect(omitFields(fields, facts)).toEqual(omitFields(describeFields(Dossier), facts));
  });

  it.each([
    ...factSchemasByType,
  ])('has the fields that facts of type %s share with others', (type, schema) => {
    const { schema: ownSchema } = factTypesByName.get(type)?.authoredForm ?? factTypesByName.get(type) ?? {};
    const shape = Object.entries(schema.shape).filter(([name]) => !(name in (ownSchema?.shape ?? {})));
    const commonFields = Object.keys(describeFields(z.object(Object.fromEntries(shape))));
    // Only statements may have no evidence of their own.
    const withOptionalEvidence = commonFields.map((path) => path.replace(/^\/evidence\b\??/, '/evidence?'));
    expect(withOptionalEvidence).toEqual(Object.keys(describeFields(simplifySchema(AuthoredFact))));
  });

  it.each(folders)('accepts %s, as the complete schema does', (folder) => {
    const dossier = parse(readFileSync(`${folder}/facts.yaml`, 'utf8')) as object;
    expect(Dossier.safeParse(dossier).error).toBeUndefined();
    expect(DossierSchema.safeParse({ ...dossier, text: 'Text' }).error).toBeUndefined();
  });
});

describe('a simplified schema', () => {
  it('has fields, types and descriptions, but neither limits nor patterns', () => {
    const schema = z
      .strictObject({
        name: text().describe('Name of the place.'),
        country: reference('country').nullable().default(null),
        tags: z.array(text(10)).min(1).optional(),
        url: z
          .string()
          .regex(/^https:/)
          .meta({ format: 'uri' }),
        values: z.record(z.string(), z.unknown()).refine(() => false),
      })
      .describe('Place.');
    expect(toJsonSchema(simplifySchema(schema))).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      description: 'Place.',
      properties: {
        name: { type: 'string', description: 'Name of the place.' },
        country: { type: ['string', 'null'] },
        tags: { type: 'array', items: { type: 'string' } },
        url: { type: 'string' },
        values: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: {} },
      },
      required: ['name', 'url', 'values'],
    });
  });

  it('is the same object each time, so that a component has a single schema', () => {
    expect(simplifySchema(AuthoredFact)).toBe(simplifySchema(AuthoredFact));
  });
});
