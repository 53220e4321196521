/** Spectral rules for needs of client generators that linters do not check; each runs on the entire document. */

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Operations with their paths in the document. */
const operationsOf = (document) =>
  Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    METHODS.filter((method) => methods[method]).map((method) => ({
      operation: methods[method],
      place: ['paths', path, method],
    })),
  );

const resolved = (document, node) =>
  node?.$ref === undefined
    ? node
    : node.$ref
        .slice(2)
        .split('/')
        .reduce((inner, key) => inner?.[key], document);

/** Responses with a body, with their status and path in the document. */
const answersOf = (document) =>
  operationsOf(document).flatMap(({ operation, place }) =>
    Object.entries(operation.responses).flatMap(([status, response]) =>
      Object.entries(resolved(document, response).content ?? {}).map(([mediaType, media]) => ({
        status,
        mediaType,
        media,
        place: [...place, 'responses', status],
      })),
    ),
  );

function oneSuccessMediaType(document) {
  return operationsOf(document).flatMap(({ operation, place }) => {
    const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    const types = new Set(
      answers.flatMap(([, response]) => Object.keys(resolved(document, response).content ?? {})),
    );
    if (types.size === 1) return [];
    const has = types.size === 0 ? 'none' : [...types].join(', ');
    return [{ message: `success responses must have exactly one media type, found: ${has}`, path: place }];
  });
}

/** Inline schemas as [schema, place]: all except the component schemas themselves. */
function* inlineSchemas(document) {
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {}))
    yield* insideOf(schema, ['components', 'schemas', name]);
  for (const [name, { schema }] of Object.entries(document.components?.parameters ?? {}))
    yield* all(schema, ['components', 'parameters', name, 'schema']);
  for (const { operation, place } of operationsOf(document)) {
    for (const [index, { schema }] of (operation.parameters ?? []).entries())
      yield* all(schema, [...place, 'parameters', index, 'schema']);
    for (const [type, { schema }] of Object.entries(operation.requestBody?.content ?? {}))
      yield* all(schema, [...place, 'requestBody', 'content', type, 'schema']);
  }
  for (const { mediaType, media, place } of answersOf(document))
    yield* all(media.schema, [...place, 'content', mediaType, 'schema']);
}

function* all(schema, place) {
  if (schema === undefined) return;
  yield [schema, place];
  yield* insideOf(schema, place);
}

function* insideOf(schema, place) {
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    yield* all(inner, [...place, 'properties', name]);
  for (const key of ['items', 'additionalProperties', 'not'])
    if (typeof schema[key] === 'object') yield* all(schema[key], [...place, key]);
  for (const key of ['allOf', 'anyOf', 'oneOf'])
    for (const [index, inner] of (schema[key] ?? []).entries()) yield* all(inner, [...place, key, index]);
}

function objectsNamed(document) {
  return [...inlineSchemas(document)]
    .filter(([{ properties }]) => properties !== undefined)
    .map(([, path]) => ({ message: 'an object schema must be a named component', path }));
}

function oneTag(document) {
  const named = new Set((document.tags ?? []).map(({ name }) => name));
  return operationsOf(document)
    .filter(({ operation: { tags = [] } }) => tags.length !== 1 || !named.has(tags[0]))
    .map(({ place }) => ({ message: 'an operation must have exactly one described tag', path: place }));
}

const VERB_NOUN = /^(get|list|search|export|cite|check|put|delete)[A-Z][A-Za-z]+$/;

function verbNoun(document) {
  return operationsOf(document)
    .filter(({ operation }) => !VERB_NOUN.test(operation.operationId))
    .map(({ operation, place }) => ({
      message: `operationId ${operation.operationId} must be an allowed verb and a noun: ${VERB_NOUN.source}`,
      path: place,
    }));
}

function examplePerAnswer(document) {
  return answersOf(document)
    .filter(({ media: { schema, example, examples } }) => {
      // A binary file cannot be an example.
      const file = schema?.format === 'binary';
      return !file && example === undefined && Object.keys(examples ?? {}).length === 0;
    })
    .map(({ status, place }) => ({ message: `the response ${status} has no example`, path: place }));
}

function onlyAscii(document) {
  const found = [];
  const visit = (node, path) => {
    if (typeof node === 'string' && /\P{ASCII}/u.test(node)) found.push(path);
    else if (node !== null && typeof node === 'object')
      for (const [key, inner] of Object.entries(node)) {
        if (/\P{ASCII}/u.test(key)) found.push([...path, key]);
        visit(inner, [...path, key]);
      }
  };
  visit(document, []);
  return found.map((path) => ({ message: 'must be ASCII: some generators read nothing else', path }));
}

const rule = (description, check) => ({
  description,
  message: '{{error}}',
  severity: 'error',
  given: '$',
  // Check the document as written, with unresolved references.
  resolved: false,
  // biome-ignore lint/suspicious/noThenProperty: Spectral requires this name
  then: { function: (document) => check(document) },
});

export const ownRules = {
  'one-success-media-type': rule(
    'Some generators use one media type, others create a union',
    oneSuccessMediaType,
  ),
  'objects-named': rule('Generators invent names for unnamed objects', objectsNamed),
  'one-tag': rule('A tag becomes a class in generated clients', oneTag),
  'verb-noun': rule('An operationId becomes a function in generated clients', verbNoun),
  'example-per-answer': rule('Every response has an example for readers', examplePerAnswer),
  'only-ascii': rule('Some generators do not support UTF-8', onlyAscii),
};
