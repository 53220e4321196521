/** Parameters that several operations have in common, as components: said once, and generators of clients name them once. */
import { pascal } from '../lib/case.ts';
import type { JsonSchema } from './schemas.ts';

export interface OperationObject {
  tags: string[];
  parameters?: JsonSchema[];
}

/** What is the same for every tag. Any other parameter is called by its tag, so that no new tag changes its name. */
const COMMON =
  'accordingTo asOf bom count cursor document escapeFormulas from ids include inference limit q style to'.split(
    ' ',
  );

interface Use {
  parameter: JsonSchema;
  tag: string;
  text: string;
}

/** Moves each parameter that more than one operation has, word for word, from the `operations` into the components. */
export function shareParameters(operations: OperationObject[]): Record<string, JsonSchema> {
  const uses = operations.flatMap(({ tags, parameters = [] }) =>
    parameters.map((parameter) => ({ parameter, tag: String(tags[0]), text: JSON.stringify(parameter) })),
  );
  const common = new Set(
    COMMON.map((name) => mostUsedText(uses.filter((use) => use.parameter['name'] === name))),
  );
  const keyOf = ({ tag, text }: Omit<Use, 'parameter'>) => `${common.has(text) ? '' : tag} ${text}`;
  const names = new Map<string, string>();
  // The most used of those that would have the same name gets it; the others stay where they are.
  for (const [key, same] of byUse(Map.groupBy(uses, keyOf))) {
    const [{ parameter, tag, text }] = same as [Use];
    const name = componentName(parameter, common.has(text) ? '' : tag);
    if (same.length > 1 && ![...names.values()].includes(name)) names.set(key, name);
  }
  const components = new Map<string, JsonSchema>();
  for (const operation of operations) {
    const [tag] = operation.tags as [string];
    if (!operation.parameters) continue;
    operation.parameters = operation.parameters.map((parameter) => {
      const name = names.get(keyOf({ tag, text: JSON.stringify(parameter) }));
      if (name === undefined) return parameter;
      components.set(name, parameter);
      return { $ref: `#/components/parameters/${name}` };
    });
  }
  return Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const byUse = (groups: Map<string, Use[]>) => [...groups].sort(([, a], [, b]) => b.length - a.length);

const mostUsedText = (uses: Use[]) => byUse(Map.groupBy(uses, ({ text }) => text))[0]?.[0];

/**
 * Such as `LimitQuery` and `EventsIdPath`. A schema may be called `Limit`, and some generators make types of both; and some
 * add `Parameter` themselves, so that this word at the end would come twice.
 */
const componentName = ({ name, in: place }: JsonSchema, tag: string): string =>
  `${pascal(tag)}${pascal(String(name))}${pascal(String(place))}`;
