/** Query parameters that filter by a field of a fact type. */
import * as z from 'zod';
import { MAX_URL_LENGTH } from '../../http/limits.ts';
import { commaSeparated, commaSeparatedText, flag, singleValue } from '../../http/params.ts';
import { capitalize, pascalCase } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import { ACTOR_TYPES, ID_PATTERN } from '../../model/fields.ts';
import type { Field } from '../../model/schema-fields.ts';
import { factTypesByName } from '../../model/types/index.ts';

const ID_SOURCE = ID_PATTERN.source.slice(1, -1);

const FilterText = z.string().min(1, 'must not be empty').max(MAX_URL_LENGTH).meta({
  id: 'FilterText',
  description: 'Text exactly as in the facts. A comma within it is encoded as %2C.',
});

const NumberText = z
  .string()
  .regex(/^-?\d{1,30}(\.\d{1,30})?([eE][+-]?\d{1,3})?$/, 'must be a number, such as 21, -0.5 or 1e+21')
  .transform(Number)
  .pipe(z.number());

/** Returns the schema of one value of a filter by `field`. */
export function buildValueSchema(field: Field): z.ZodType<unknown, string> {
  switch (field.kind) {
    case 'reference':
      return buildReferenceSchema(field.allowedTypes);
    case 'enum':
      return field.vocabulary as z.ZodType<unknown, string>;
    case 'number':
      return NumberText;
    case 'boolean':
      return flag;
    case 'text':
      return field.examples.length > 0 ? FilterText.meta({ examples: [...field.examples] }) : FilterText;
  }
}

/** Returns the parameter of a filter by `field`. */
export function buildFieldParameter(field: Field): z.ZodType {
  const description = field.description || 'Only facts with one of these values.';
  const valueSchema = buildValueSchema(field);
  const toList = field.kind === 'text' ? commaSeparatedText : commaSeparated;
  return toList(valueSchema).optional().describe(description);
}

/** Returns the parameters for the lowest and the highest value of each numeric filter: `minValue`, `maxValue`. */
export function buildRangeParameters({ filterFields }: FactType): Record<string, z.ZodType> {
  const parameters = [...filterFields].flatMap(([name, { kind, description }]) =>
    kind === 'number'
      ? ([
          [toMinName(name), `Only facts with this ${name} or a higher one. ${description}`, 1],
          [toMaxName(name), `Only facts with this ${name} or a lower one. ${description}`, 1e9],
        ] as const)
      : [],
  );
  return Object.fromEntries(
    parameters.map(([name, description, example]) => [
      name,
      singleValue(NumberText).optional().meta({ description, example }),
    ]),
  );
}

export const toMinName = (name: string): string => `min${capitalize(name)}`;
export const toMaxName = (name: string): string => `max${capitalize(name)}`;

const referenceSchemas = new Map<string, z.ZodString>();

/** Returns the schema for `id`, `type/id` or `none`, shared by all filters by references to these types. */
function buildReferenceSchema(allowedTypes: readonly string[]): z.ZodString {
  // Fields name the same types in different orders; the shared schema must not depend on which comes first.
  const types = [...factTypesByName.keys()].filter((type) => allowedTypes.includes(type));
  const schemaId = `${toTypesName(types)}Filter`;
  const cached = referenceSchemas.get(schemaId);
  if (cached) return cached;
  const typePattern = types.length > 0 ? types.join('|') : ID_SOURCE;
  const pattern = new RegExp(`^((${typePattern})/)?${ID_SOURCE}$`);
  const allowedForms = types.length > 0 ? types.map((each) => `${each}/id`).join(', ') : 'type/id';
  const schema = z
    .string()
    .max(250)
    .regex(pattern, `must be an id, ${allowedForms} or none`)
    .meta({ id: schemaId, description: `Id, or ${allowedForms}; none matches facts without a value.` });
  referenceSchemas.set(schemaId, schema);
  return schema;
}

function toTypesName(types: readonly string[]): string {
  if (types.length === 0) return 'Fact';
  const isAnyActor = types.length === ACTOR_TYPES.length && ACTOR_TYPES.every((type) => types.includes(type));
  return isAnyActor ? 'Actor' : [...types].sort().map(pascalCase).join('Or');
}
