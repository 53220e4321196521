/** Examples in the committed documents: valid, true and short. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pascalCase } from '../../src/lib/case.ts';
import { PROBLEM_TYPES, type ProblemCode } from '../../src/lib/problem-details.ts';
import type { Json } from '../support/app.ts';
import { ajv, findResponse, openapi, operations } from '../support/openapi-fuzz/document.ts';

const MAX_DOCUMENT_BYTES = 500_000;

interface MediaTypeObject {
  place: string;
  mediaType: string;
  schema: Json;
  values: unknown[];
  urls: string[];
}

/** All media types of request bodies and responses with their examples, each shared response once. */
const mediaTypeObjects = [
  ...operations.flatMap(({ path, method, operation }) => [
    ...toMediaTypeObjects(`${method} ${path} body`, operation.requestBody),
    ...Object.entries<Json>(operation.responses).flatMap(([status, response]) =>
      toMediaTypeObjects(`${method} ${path} ${status}`, response),
    ),
  ]),
  ...Object.entries<Json>(openapi.components.responses).flatMap(([name, response]) =>
    toMediaTypeObjects(name, response),
  ),
];

function toMediaTypeObjects(place: string, parent: Json): MediaTypeObject[] {
  return Object.entries<Json>(parent?.content ?? {}).map(
    ([mediaType, { schema, example, examples = {} }]) => {
      const named = Object.values<Json>(examples);
      return {
        place: `${place} ${mediaType}`,
        mediaType,
        schema,
        values: [...(example === undefined ? [] : [example]), ...named.flatMap(({ value }) => value ?? [])],
        urls: named.flatMap(({ externalValue }) => externalValue ?? []),
      };
    },
  );
}

describe('the published documents', () => {
  it.each([
    'openapi.yaml',
    'openapi.json',
    'openapi-3.0.yaml',
    'openapi-3.0.json',
  ])('%s has at most 500,000 bytes', (name) => {
    expect(readFileSync(name).byteLength).toBeLessThanOrEqual(MAX_DOCUMENT_BYTES);
  });

  // Some client generators read YAML 1.1, in which an unquoted `on` is a boolean and a date is no text.
  it.each(['openapi', 'openapi-3.0'])('%s is the same as YAML, of both versions, and as JSON', (name) => {
    const yaml = readFileSync(`${name}.yaml`, 'utf8');
    const json = JSON.parse(readFileSync(`${name}.json`, 'utf8'));
    for (const version of ['1.2', '1.1'] as const)
      expect(parse(yaml, { maxAliasCount: 0, version })).toEqual(json);
  });
});

describe('the examples of bodies', () => {
  it('are valid for their schemas', () => {
    expect(mediaTypeObjects.length).toBeGreaterThan(80);
    for (const { place, mediaType, schema, values } of mediaTypeObjects) {
      const validate = schema.$ref ? ajv.getSchema(`openapi${schema.$ref}`) : ajv.compile(schema);
      if (!validate) throw new Error(`${place}: schema ${schema.$ref} not found`);
      for (const value of values) {
        const parsed = typeof value === 'string' && mediaType === 'application/yaml' && schema.$ref;
        expect(validate(parsed ? parse(value as string) : value) || validate.errors, place).toBe(true);
      }
    }
  });

  it('exist for every body, as values: some generators try to read the files that an example names', () => {
    for (const { place, schema, values, urls } of mediaTypeObjects) {
      expect(urls, place).toEqual([]);
      if (schema.format !== 'binary') expect(values.length, place).toBeGreaterThan(0);
    }
  });

  it('of a request that creates and of one that changes nothing differ', () => {
    const actions = ['200', '201'].map((status) => {
      const place = `put /v1/dossiers/{id} ${status} application/json`;
      return mediaTypeObjects.find((each) => each.place === place)?.values;
    });
    expect(actions).toMatchObject([[{ action: 'none' }], [{ action: 'created' }]]);
  });

  it('have one entry in every list of objects', () => {
    const findLongLists = (value: Json, path: string): string[] => {
      if (value === null || typeof value !== 'object') return [];
      const isLong =
        Array.isArray(value) && value.length > 1 && value.every((each) => typeof each === 'object');
      const inner = Object.entries<Json>(value).flatMap(([key, each]) =>
        findLongLists(each, `${path}/${key}`),
      );
      return isLong ? [path, ...inner] : inner;
    };
    const responses = mediaTypeObjects.filter(({ place }) => !place.includes(' body '));
    expect(
      responses.flatMap(({ place, values }) => values.flatMap((value) => findLongLists(value, place))),
    ).toEqual([]);
  });

  it('of a list and of an item are about the same fact', () => {
    for (const { path, operation } of operations) {
      const [, collection] = /^\/v1\/([a-z-]+)\/\{id\}$/.exec(path) ?? [];
      if (!collection || !operation.operationId.startsWith('get') || collection === 'dossiers') continue;
      const item = findResponse(path, 'get', 200).content['application/json'].example;
      const { data } = findResponse(`/v1/${collection}`, 'get', 200).content['application/json'].example;
      expect(data, path).toEqual([item]);
      expect(item.evidence?.length ?? 1, path).toBe(1);
    }
  });
});

describe('the examples of problems', () => {
  const problems = mediaTypeObjects
    .filter(({ mediaType }) => mediaType === 'application/problem+json')
    .flatMap(({ place, values }) => values.map((value) => [place, value as Json] as const));

  it.each(problems)('in %s have the status, the title and the type of their code', (place, problem) => {
    const { status, title } = PROBLEM_TYPES[problem.code as ProblemCode];
    expect(problem).toMatchObject({ status, title, type: `/problems/${problem.code}` });
    const name = place.split(' ')[0] as string;
    expect(name.split('Or')).toContain(pascalCase(problem.code));
  });

  it.each(problems)('in %s are about a URL of an operation that has the status', (place, {
    status,
    instance,
  }) => {
    // The URL of a request that cannot be parsed is not known.
    if (place.startsWith('HeadersTooLarge')) return expect(instance).toBe('');
    const [path] = instance.split('?');
    const matches = operations.filter((each) =>
      new RegExp(`^${each.path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/.]+')}$`).test(path),
    );
    expect(matches.some(({ operation }) => operation.responses[status])).toBe(true);
  });
});

it('every response header has an example', () => {
  for (const [name, header] of Object.entries<Json>(openapi.components.headers))
    expect(header.example, name).toEqual(expect.any(String));
});
