/** Schemas in the committed documents: what is open, what is limited, and their wording. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MAX_DOSSIER_BYTES } from '../../src/http/limits.ts';
import { factTypes } from '../../src/model/types/index.ts';
import type { Json } from '../support/app.ts';

const documents: [string, Json][] = ['openapi', 'openapi-3.0'].map((name) => [
  name,
  parse(readFileSync(`${name}.yaml`, 'utf8')),
]);

function findNodes(node: Json, isWanted: (node: Json) => boolean, path = ''): [path: string, node: Json][] {
  if (node === null || typeof node !== 'object') return [];
  const inner = Object.entries<Json>(node)
    .filter(([key]) => key !== 'example' && key !== 'examples')
    .flatMap(([key, each]) => findNodes(each, isWanted, `${path}/${key}`));
  return isWanted(node) ? [[path, node], ...inner] : inner;
}

describe.each(documents)('%s', (_, { paths, components }) => {
  it('says that types of facts in responses are an open list', () => {
    const names = new Set(factTypes.map(({ type }) => type));
    const types = [
      'Reference',
      'Referrer',
      'SearchHit',
      'PassageFact',
      'TouchedFact',
      'ChangedFact',
      'FeedFact',
    ];
    for (const name of types) {
      const { enum: values, description, examples, example } = components.schemas[name].properties.type;
      expect(values, name).toBeUndefined();
      expect(description, name).toContain('later versions may add types');
      for (const each of examples ?? [example]) expect(names, name).toContain(each);
    }
  });

  it('limits every list in a request body to what the largest body can hold', () => {
    const visited = new Set<string>();
    const lists: [string, Json][] = [];
    const visit = (node: Json): void => {
      lists.push(...findNodes(node, ({ type }) => type === 'array'));
      for (const [, { $ref }] of findNodes(node, (each) => typeof each.$ref === 'string')) {
        if (visited.has($ref)) continue;
        visited.add($ref);
        visit(components.schemas[$ref.split('/').at(-1)]);
      }
    };
    for (const [, { requestBody }] of findNodes(paths, (each) => each.requestBody)) visit(requestBody);
    expect(lists.length).toBeGreaterThan(10);
    for (const [path, { maxItems }] of lists) expect(maxItems, path).toBe(MAX_DOSSIER_BYTES / 2);
    // An empty entry and its comma: the shortest list with more entries is too large.
    expect((MAX_DOSSIER_BYTES / 2 + 1) * '0,'.length).toBeGreaterThan(MAX_DOSSIER_BYTES);
  });

  it('has the right article before every word', () => {
    const texts = findNodes({ paths, components }, (each) => each.description || each.summary).flatMap(
      ([path, { description = '', summary = '' }]) => [
        path,
        ...[description, summary].filter((text) => typeof text === 'string'),
      ],
    );
    // Words that begin with the sound of the other kind: "a European", "a URL", "an RFC", "an hour".
    const wrong =
      /\ba (?!(?:eu|uni|one|use|usual|URL|UID|US)\w*)[aeiou]\w*|\ban (?!(?:hour|honest|RFC|X-|HTTP|HTML|ISO|SQL|S[A-Z])\w*)[^aeiouAEIOU\W]\w*/gi;
    expect(texts.flatMap((text) => text.match(wrong) ?? [])).toEqual([]);
  });
});
