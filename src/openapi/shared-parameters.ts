/** Parameters of several operations, moved to components: client generators create one type for each. */
import { pascalCase } from '../lib/case.ts';
import type { JsonSchema } from './schemas.ts';

export interface OperationObject {
  tags: string[];
  parameters?: JsonSchema[];
}

/** Parameters that tags share. Others have the tag in their name, so that a new tag never renames them. */
const COMMON_PARAMETERS =
  'accordingTo asOf bom count cursor document escapeFormulas exclude fields from ids include inference limit on q sep style to'.split(
    ' ',
  );

interface ParameterUse {
  parameter: JsonSchema;
  tag: string;
  json: string;
}

/** Moves parameters that are identical in several operations from `operations` to the returned components. */
export function shareParameters(operations: OperationObject[]): Record<string, JsonSchema> {
  const uses = operations.flatMap(({ tags, parameters = [] }) =>
    parameters.map((parameter) => ({ parameter, tag: String(tags[0]), json: toComparableJson(parameter) })),
  );
  const commonJson = new Set(
    COMMON_PARAMETERS.map((name) => findMostUsedJson(uses.filter((use) => use.parameter['name'] === name))),
  );
  const createKey = ({ tag, json }: Omit<ParameterUse, 'parameter'>) =>
    `${commonJson.has(json) ? '' : tag} ${json}`;
  const components = new Map<string, JsonSchema>();
  const names = new Map<string, string>();
  // If several parameters would have the same name, the most used one gets it; the others stay inline.
  for (const [key, sameUses] of sortByUseCount(Map.groupBy(uses, createKey))) {
    const [{ parameter, tag, json }] = sameUses as [ParameterUse];
    const name = createComponentName(parameter, commonJson.has(json) ? '' : tag);
    if (sameUses.length < 2 || components.has(name)) continue;
    names.set(key, name);
    components.set(name, mergeExamples(sameUses.map((use) => use.parameter)));
  }
  for (const operation of operations) {
    const [tag] = operation.tags as [string];
    if (!operation.parameters) continue;
    operation.parameters = operation.parameters.map((parameter) => {
      const name = names.get(createKey({ tag, json: toComparableJson(parameter) }));
      return name === undefined ? parameter : { $ref: `#/components/parameters/${name}` };
    });
  }
  return Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Returns what parameters must have in common to be one component. Examples of lists are merged, because any
 * value of a list may match; other examples are part of the parameter.
 */
const toComparableJson = ({ example, ...parameter }: JsonSchema): string =>
  JSON.stringify(Array.isArray(example) ? parameter : { ...parameter, example });

/** Returns the parameter with the values of all examples. */
function mergeExamples(parameters: JsonSchema[]): JsonSchema {
  const [first] = parameters as [JsonSchema];
  if (!Array.isArray(first['example'])) return first;
  const values = parameters.flatMap(({ example }) => example);
  return { ...first, example: [...new Set(values)] };
}

const sortByUseCount = (groups: Map<string, ParameterUse[]>) =>
  [...groups].sort(([, a], [, b]) => b.length - a.length);

const findMostUsedJson = (uses: ParameterUse[]) =>
  sortByUseCount(Map.groupBy(uses, ({ json }) => json))[0]?.[0];

/**
 * Returns a name such as `LimitQuery` or `EventsIdPath`. Without the location it could collide with a schema
 * `Limit`, since some generators create types for both. It does not end in `Parameter`, since some generators
 * append that word themselves.
 */
const createComponentName = ({ name, in: location }: JsonSchema, tag: string): string =>
  `${pascalCase(tag)}${pascalCase(String(name))}${pascalCase(String(location))}`;
