/** Names in the committed documents from which client generators create types and functions. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../support/app.ts';

const document: Json = parse(readFileSync('openapi.yaml', 'utf8'));
const OPENAPI_30: Json = parse(readFileSync('openapi-3.0.yaml', 'utf8'));

describe('the documents', () => {
  it.each([
    ['3.1', document],
    ['3.0', OPENAPI_30],
  ])('name every closed vocabulary once, so that clients have one type for it (%s)', (_, openapi: Json) => {
    const inlineEnums = (node: Json, path: string): string[] => {
      if (node === null || typeof node !== 'object') return [];
      const nestedEnums = Object.entries<Json>(node)
        .filter(([key]) => key !== 'example' && key !== 'examples')
        .flatMap(([key, value]) => inlineEnums(value, `${path}/${key}`));
      return Array.isArray(node.enum) ? [path, ...nestedEnums] : nestedEnums;
    };
    const { schemas, ...rest } = openapi.components;
    const hasOneValue = (schema: Json) => schema.enum?.length === 1;
    const properties = Object.entries<Json>(schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries<Json>(properties)
        .filter(([, property]) => !hasOneValue(property))
        .flatMap(([key, property]) => inlineEnums(property, `${name}/${key}`)),
    );
    expect([...properties, ...inlineEnums(rest, ''), ...inlineEnums(openapi.paths, '')]).toEqual([]);
  });

  it.each([
    ['3.1', document],
    ['3.0', OPENAPI_30],
  ])('name every text that several operations take, so that clients have one type for it (%s)', (_, openapi: Json) => {
    const uses = Object.values<Json>(openapi.paths)
      .flatMap((methods) => Object.values<Json>(methods))
      .flatMap(({ parameters = [] }) => parameters)
      .map((each: Json) => (each.$ref ? openapi.components.parameters[each.$ref.split('/').at(-1)] : each))
      .map(({ name, schema }: Json) => ({ name, ...(schema.items ?? schema) }))
      .filter(({ pattern, minLength, maxLength }: Json) => pattern ?? minLength ?? maxLength)
      .map(({ name }: Json) => name);
    // Parameters of a single operation, or of the two that check and put a dossier.
    expect([...new Set(uses)].sort()).toEqual(['note', 'reason', 'reviewer', 'url']);
    expect(openapi.components.schemas.FactId).toMatchObject({ maxLength: 100, pattern: expect.any(String) });
  });

  it.each([
    ['3.1', document],
    ['3.0', OPENAPI_30],
  ])('contain everything that they refer to (%s)', (_, openapi: Json) => {
    const names = [...JSON.stringify(openapi).matchAll(/"\$ref":"#([^"]*)"/g)].map(([, path = '']) => path);
    const findReferences = (path: string) =>
      path
        .split('/')
        .slice(1)
        .reduce((node: Json, key) => node?.[key], openapi);
    expect(names.length).toBeGreaterThan(100);
    expect(names.filter((path) => findReferences(path) === undefined)).toEqual([]);
  });

  it('accept a dossier only as JSON in OpenAPI 3.0', () => {
    const bodies = (openapi: Json) => Object.keys(openapi.paths['/v1/dossiers/{id}'].put.requestBody.content);
    expect(bodies(document)).toEqual(['application/json', 'application/yaml']);
    expect(bodies(OPENAPI_30)).toEqual(['application/json']);
  });

  it('give the values of a vocabulary unique names', () => {
    const { EventSort } = document.components.schemas;
    const names = EventSort['x-enum-varnames'];
    expect(names[EventSort.enum.indexOf('-startDate')]).toBe('StartDateDescending');
    expect(new Set(names).size).toBe(EventSort.enum.length);
  });
});
