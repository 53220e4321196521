/** Examples of parameters, for the forms of API tools. */
import type { FastifyInstance } from 'fastify';
import type * as z from 'zod';
import type { FactType } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';
import { type Field, getValuesAtPath } from '../model/schema-fields.ts';
import { factTypes } from '../model/types/index.ts';
import { getComponentName, type JsonSchema, toParameterSchema } from './schemas.ts';

/** Examples of parameters by tag and name. */
export type ParameterExamples = Map<string, Record<string, unknown>>;

/** Returns the examples that depend on the fact type: each finds the example of the type in the first dossier. */
export async function fetchParameterExamples(app: FastifyInstance): Promise<ParameterExamples> {
  const examples: ParameterExamples = new Map();
  for (const factType of factTypes) {
    const facts = await fetchFacts(app, `/v1/${factType.collection}?limit=200`);
    const ownFact = facts.find(({ id }) => id === factType.exampleId) as Fact;
    const filters = [...factType.filterFields].map(([name, field]) => [
      name,
      findFilterExample(field, ownFact, facts),
    ]);
    examples.set(factType.title, {
      id: factType.exampleId,
      ids: [factType.exampleId],
      ...(!(await isFoundByDefault(app, factType)) && { q: ownFact.label }),
      sort: getSortExample(factType),
      ...(factType.hasEvidence === false && { document: [factType.exampleId] }),
      ...Object.fromEntries(filters),
    });
  }
  return examples;
}

/** True if the words in the definition of `q` find the example of the type. */
async function isFoundByDefault(
  app: FastifyInstance,
  { collection, pluralComponentName, exampleId }: FactType,
): Promise<boolean> {
  const query = app.operations.get(`list${pluralComponentName}`)?.query as z.ZodObject;
  const { example } = toParameterSchema(query.shape['q'] as z.ZodType, '3.1');
  const url = `/v1/${collection}?ids=${exampleId}&q=${encodeURIComponent(String(example))}`;
  return (await fetchFacts(app, url)).length > 0;
}

async function fetchFacts(app: FastifyInstance, url: string): Promise<Fact[]> {
  const { statusCode, body } = await app.inject({ url });
  if (statusCode !== 200) throw new Error(`GET ${url} returned ${statusCode}: ${body}`);
  return (JSON.parse(body) as { data: Fact[] }).data;
}

/** Returns a sort by the newest date, or by the first field of the type. */
const getSortExample = ({ sorts }: FactType): string =>
  `-${sorts.find((path) => /(On|Date)$/.test(path)) ?? sorts[0] ?? 'reportedOn'}`;

/**
 * Returns values that find the example of the type. If it has no value there, returns one of another fact, and
 * for a reference also `none`, so that all examples together find the example of the type.
 */
function findFilterExample(field: Field, ownFact: Fact, facts: Fact[]): unknown {
  const [ownValue] = getFilterValues(field, ownFact);
  if (ownValue !== undefined) return [ownValue];
  const [otherValue] = facts.flatMap((fact) => getFilterValues(field, fact));
  const values = [...(field.kind === 'reference' ? ['none'] : []), otherValue ?? field.examples[0]];
  return values.some((value) => value !== undefined)
    ? values.filter((value) => value !== undefined)
    : undefined;
}

function getFilterValues({ path, kind, allowedTypes }: Field, fact: Fact): unknown[] {
  const values = getValuesAtPath(fact, path);
  if (kind !== 'reference') return values;
  return (values as { type: string; id: string }[]).map(({ type, id }) =>
    allowedTypes.length === 1 ? id : `${type}/${id}`,
  );
}

/** Sets the `example` of the parameters of an operation that have none from their definition. */
export function addParameterExamples(
  { tags, parameters = [] }: { tags: string[]; parameters?: JsonSchema[] },
  examples: ParameterExamples,
  schemas: Record<string, JsonSchema>,
): void {
  const tagExamples = examples.get(String(tags[0])) ?? {};
  for (const parameter of parameters) {
    const { name, schema } = parameter as { name: string; schema: JsonSchema };
    const example = tagExamples[name] ?? parameter['example'] ?? deriveExample(schema, schemas);
    delete parameter['example'];
    if (example === undefined) continue;
    delete parameter['schema'];
    Object.assign(parameter, { example, schema });
  }
}

/** Derives an example from a vocabulary, a default or the type; returns undefined for other texts. */
function deriveExample(schema: JsonSchema, schemas: Record<string, JsonSchema>): unknown {
  const { $ref, ...own } = schema as { $ref?: string };
  const resolved: JsonSchema = { ...($ref && schemas[getComponentName($ref)]), ...own };
  if (resolved['type'] === 'array') {
    const item = deriveExample(resolved['items'] as JsonSchema, schemas);
    return item === undefined ? undefined : [item];
  }
  const [firstValue] = (resolved['enum'] as unknown[] | undefined) ?? [];
  return resolved['default'] ?? firstValue ?? (resolved['type'] === 'boolean' ? true : undefined);
}
