/** Every rule, with documents that violate only that rule. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import spectral from '@stoplight/spectral-core';
import { ownRules } from './own-rules.js';

const GOOD = JSON.parse(readFileSync(new URL('good.json', import.meta.url), 'utf8'));

async function broken(change) {
  const document = structuredClone(GOOD);
  change(document, document.paths['/things'].get);
  const linter = new spectral.Spectral();
  linter.setRuleset({ rules: ownRules });
  return (await linter.run(JSON.stringify(document))).map(({ code, path }) => `${code} ${path.join('/')}`);
}

const BREAKS = {
  'one-success-media-type paths//things/get': [
    (_, { responses }) => {
      responses[200].content['text/csv'] = { schema: { type: 'string' }, example: 'id' };
    },
    (_, { responses }) => {
      responses[201] = { content: { 'text/csv': { schema: { type: 'string' }, example: 'id' } } };
    },
    (_, { responses }) => {
      delete responses[200].content;
    },
    ({ components }, { responses }) => {
      const content = { 'text/csv': { schema: { type: 'string' }, example: 'id' } };
      components.responses.Csv = { description: 'As CSV.', content };
      responses[201] = { $ref: '#/components/responses/Csv' };
    },
  ],
  'objects-named paths//things/get/responses/200/content/application/json/schema': [
    (_, { responses }) => {
      responses[200].content['application/json'].schema = { type: 'object', properties: {} };
    },
  ],
  'objects-named components/schemas/Thing/properties/properties': [
    ({ components }) => {
      components.schemas.Thing.properties.properties = { type: 'object', properties: {} };
    },
  ],
  'objects-named components/schemas/Thing/properties/list/items/anyOf/1': [
    ({ components }) => {
      const items = { anyOf: [{ type: 'string' }, { properties: {} }] };
      components.schemas.Thing.properties.list = { type: 'array', items };
    },
  ],
  'objects-named components/parameters/Limit/schema': [
    ({ components }) => {
      components.parameters.Limit.schema = { type: 'object', properties: {} };
    },
  ],
  'one-tag paths//things/get': [
    (_, operation) => {
      operation.tags = [];
    },
    (_, operation) => {
      operation.tags = ['Things', 'Things'];
    },
    (_, operation) => {
      operation.tags = ['Nothings'];
    },
  ],
  'verb-noun paths//things/get': [
    (_, operation) => {
      operation.operationId = 'things';
    },
    (_, operation) => {
      operation.operationId = 'fetchThings';
    },
    (_, operation) => {
      delete operation.operationId;
    },
  ],
  'example-per-answer paths//things/get/responses/200': [
    (_, { responses }) => {
      delete responses[200].content['application/json'].example;
    },
  ],
  'example-per-answer paths//things/get/responses/400': [
    ({ components }) => {
      components.responses.Bad.content['application/problem+json'].examples = {};
    },
  ],
  'only-ascii paths//things/get/summary': [
    (_, operation) => {
      operation.summary = 'Dinge, gr\u00f6\u00dfere';
    },
  ],
  'only-ascii components/schemas/Thing/properties/gr\u00f6\u00dfe': [
    ({ components }) => {
      components.schemas.Thing.properties['gr\u00f6\u00dfe'] = { type: 'string' };
    },
  ],
};

test('a valid document violates no rule', async () => {
  assert.deepEqual(await broken(() => {}), []);
});

for (const [expected, changes] of Object.entries(BREAKS)) {
  for (const [index, change] of changes.entries())
    test(`${expected} (${index + 1})`, async () => assert.deepEqual(await broken(change), [expected]));
}

test('every rule has a document that violates it', () => {
  const tried = new Set(Object.keys(BREAKS).map((expected) => expected.split(' ')[0]));
  assert.deepEqual([...tried].sort(), Object.keys(ownRules).sort());
});
