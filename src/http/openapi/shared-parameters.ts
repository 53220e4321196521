/** Parameters that several operations have in common, as components: said once, and generators of clients name them once. */
import { pascal } from '../../facts/names.ts';
import type { JsonSchema } from './schemas.ts';

export interface OperationObject {
  tags: string[];
  parameters?: JsonSchema[];
}

/** Moves each parameter that more than one operation has, word for word, from the `operations` into the components. */
export function shareParameters(operations: OperationObject[]): Record<string, JsonSchema> {
  const uses = operations.flatMap(({ tags, parameters = [] }) =>
    parameters.map((parameter) => ({ parameter, tag: tags[0] as string, text: JSON.stringify(parameter) })),
  );
  const byText = Map.groupBy(uses, ({ text }) => text);
  const names = new Map<string, string>();
  const taken = new Set<string>();
  // The most used of those that would have the same name gets it; the others stay where they are.
  for (const [text, same] of [...byText].sort(([, a], [, b]) => b.length - a.length)) {
    const tags = new Set(same.map(({ tag }) => tag));
    const [first] = same;
    if (!first || same.length < 2) continue;
    const name = componentName(first.parameter, tags.size > 1 ? '' : first.tag);
    if (taken.has(name)) continue;
    taken.add(name);
    names.set(text, name);
  }
  const components = new Map<string, JsonSchema>();
  for (const operation of operations) {
    if (!operation.parameters) continue;
    operation.parameters = operation.parameters.map((parameter) => {
      const name = names.get(JSON.stringify(parameter));
      if (name === undefined) return parameter;
      components.set(name, parameter);
      return { $ref: `#/components/parameters/${name}` };
    });
  }
  return Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Such as `LimitQuery` and `EventsIdPath`. A schema may be called `Limit`, and some generators make types of both; and some
 * add `Parameter` themselves, so that this word at the end would come twice.
 */
const componentName = ({ name, in: place }: JsonSchema, tag: string): string =>
  `${pascal(tag)}${pascal(String(name))}${pascal(String(place))}`;
