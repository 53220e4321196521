/** What linters do not ask and generators of clients need: a rule of Spectral for each, over the whole document. */

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

/** Every operation, with its place. */
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

/** Every answer with a body, with its status and place. */
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
    const types = new Set(answers.flatMap(([, { content = {} }]) => Object.keys(content)));
    if (types.size === 1) return [];
    const has = types.size === 0 ? 'none' : [...types].join(', ');
    return [{ message: `one media type of what succeeds is wanted, and there is ${has}`, path: place }];
  });
}

/** Schemas as [schema, place], wherever they stand but for the components themselves. */
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
    .map(([, path]) => ({ message: 'an object is a component with a name: generators make one up', path }));
}

function oneTag(document) {
  const named = new Set((document.tags ?? []).map(({ name }) => name));
  return operationsOf(document)
    .filter(({ operation: { tags = [] } }) => tags.length !== 1 || !named.has(tags[0]))
    .map(({ place }) => ({ message: 'an operation has one tag, which the document describes', path: place }));
}

const VERB_NOUN = /^(get|list|search|export|cite|check|put|delete)[A-Z][A-Za-z]+$/;

function verbNoun(document) {
  return operationsOf(document)
    .filter(({ operation }) => !VERB_NOUN.test(operation.operationId))
    .map(({ operation, place }) => ({
      message: `operationId ${operation.operationId} is not one of our verbs and a noun: ${VERB_NOUN.source}`,
      path: place,
    }));
}

function examplePerAnswer(document) {
  return answersOf(document)
    .filter(({ media: { schema, example, examples } }) => {
      // Nobody could read a file in it.
      const file = schema?.format === 'binary';
      return !file && example === undefined && Object.keys(examples ?? {}).length === 0;
    })
    .map(({ status, place }) => ({ message: `the answer ${status} has no example`, path: place }));
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
  return found.map((path) => ({ message: 'some generators read ASCII only', path }));
}

const rule = (description, check) => ({
  description,
  message: '{{error}}',
  severity: 'error',
  given: '$',
  // As it is written, with the references in it.
  resolved: false,
  // biome-ignore lint/suspicious/noThenProperty: Spectral calls it so
  then: { function: (document) => check(document) },
});

export const ownRules = {
  'one-success-media-type': rule('Some generators keep one, others make a union', oneSuccessMediaType),
  'objects-named': rule('Generators name what is not named', objectsNamed),
  'one-tag': rule('A tag becomes a class of the client', oneTag),
  'verb-noun': rule('An operationId becomes a function of the client', verbNoun),
  'example-per-answer': rule('A reader sees what comes', examplePerAnswer),
  'only-ascii': rule('Not every generator reads UTF-8', onlyAscii),
};
