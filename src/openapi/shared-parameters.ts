/** Parameters that several operations have in common, as components: said once, and generators of clients name them once. */
import { pascalCase } from '../lib/case.ts';
import type { JsonSchema } from './schemas.ts';

export interface OperationObject {
  tags: string[];
  parameters?: JsonSchema[];
}

/** What is the same for every tag. Any other parameter is called by its tag, so that no new tag changes its name. */
const COMMON_PARAMETERS =
  'accordingTo asOf bom count cursor document escapeFormulas from ids include inference limit q style to'.split(
    ' ',
  );

interface ParameterUse {
  parameter: JsonSchema;
  tag: string;
  json: string;
}

/** Moves each parameter that more than one operation has, word for word, from the `operations` into the components. */
export function shareParameters(operations: OperationObject[]): Record<string, JsonSchema> {
  const uses = operations.flatMap(({ tags, parameters = [] }) =>
    parameters.map((parameter) => ({ parameter, tag: String(tags[0]), json: JSON.stringify(parameter) })),
  );
  const commonJson = new Set(
    COMMON_PARAMETERS.map((name) => findMostUsedJson(uses.filter((use) => use.parameter['name'] === name))),
  );
  const createKey = ({ tag, json }: Omit<ParameterUse, 'parameter'>) =>
    `${commonJson.has(json) ? '' : tag} ${json}`;
  const names = new Map<string, string>();
  // The most used of those that would have the same name gets it; the others stay where they are.
  for (const [key, sameUses] of sortByUseCount(Map.groupBy(uses, createKey))) {
    const [{ parameter, tag, json }] = sameUses as [ParameterUse];
    const name = createComponentName(parameter, commonJson.has(json) ? '' : tag);
    if (sameUses.length > 1 && ![...names.values()].includes(name)) names.set(key, name);
  }
  const components = new Map<string, JsonSchema>();
  for (const operation of operations) {
    const [tag] = operation.tags as [string];
    if (!operation.parameters) continue;
    operation.parameters = operation.parameters.map((parameter) => {
      const name = names.get(createKey({ tag, json: JSON.stringify(parameter) }));
      if (name === undefined) return parameter;
      components.set(name, parameter);
      return { $ref: `#/components/parameters/${name}` };
    });
  }
  return Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const sortByUseCount = (groups: Map<string, ParameterUse[]>) =>
  [...groups].sort(([, a], [, b]) => b.length - a.length);

const findMostUsedJson = (uses: ParameterUse[]) =>
  sortByUseCount(Map.groupBy(uses, ({ json }) => json))[0]?.[0];

/**
 * Such as `LimitQuery` and `EventsIdPath`. A schema may be called `Limit`, and some generators make types of both; and some
 * add `Parameter` themselves, so that this word at the end would come twice.
 */
const createComponentName = ({ name, in: location }: JsonSchema, tag: string): string =>
  `${pascalCase(tag)}${pascalCase(String(name))}${pascalCase(String(location))}`;
