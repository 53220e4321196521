/** Requests made from the document, and what must come of each. */
import fc, { type GeneratorValue } from 'fast-check';
import type { Json } from '../app.ts';
import { exampleDossier, type Known } from '../expected-facts.ts';
import { type DocumentedOperation, document } from './document.ts';
import { pick, rightValue, type Setting, type Wrong, wrongValues } from './values.ts';

export interface Trial {
  operation: DocumentedOperation;
  method: string;
  url: string;
  headers: Record<string, string>;
  payload?: string | Buffer;
  /** Which of the operation's parameters it gives rightly, and which wrongly. */
  right: string[];
  wrong: string[];
  /** The statuses that it may be answered with. */
  statuses: number[];
  /** What the problem must name. */
  named: string[];
}

/** Which parameters a request gives. */
export type Extent = 'all' | 'some';

const UNKNOWN = ['nonsense', 'Limit', 'limit%5B%5D', '__proto__', 'constructor', 'a.b', '%F0%9F%91%8D', ''];
const SCRATCH = 'riga-2031-05-02';
const JSON_BODY = { 'content-type': 'application/json' };

export interface Making {
  g: GeneratorValue;
  known: Known;
  operation: DocumentedOperation;
  /** Cursors of other lists. */
  cursors: string[];
}

const writes = ({ method }: DocumentedOperation): boolean => method !== 'get';
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const queryOf = ({ operation }: DocumentedOperation): Json[] =>
  (operation.parameters ?? []).filter(({ in: place }: Json) => place === 'query');
const inPath = ({ operation }: DocumentedOperation): Json[] =>
  (operation.parameters ?? []).filter(({ in: place }: Json) => place === 'path');

const chance = (g: GeneratorValue, one: number): boolean => g(fc.integer, { min: 1, max: one }) === one;

function settingOf({ g, known, operation }: Making): Setting {
  const { path } = operation;
  const [, collection = ''] = /^\/v1\/([a-z-]+)/.exec(path) ?? [];
  const facts = known.facts.get(collection === 'dossiers' ? 'documents' : collection) ?? [];
  const described = facts.filter(({ filters }) => filters.size > 0);
  const subject = described.length > 0 ? pick(g, described) : undefined;
  if (writes(operation)) return { g, known, path, collection, subject, id: SCRATCH };
  const ids = facts.map(({ id }) => id);
  const renamed = known.renamed.filter((name) => name.startsWith(`${collection}/`));
  const old = renamed.map((name) => name.slice(collection.length + 1));
  const id = path.includes('{id}') ? pick(g, [...ids, ...ids, ...ids, ...old, 'nobody']) : undefined;
  return { g, known, path, collection, subject, id };
}

/** A request that is right in every parameter it has. */
export function rightTrial(making: Making, extent: Extent): Trial {
  const { g, known, operation } = making;
  const setting = settingOf(making);
  const query: string[] = [];
  const right: string[] = [];
  for (const parameter of queryOf(operation)) {
    if (extent === 'some' && !parameter.required && !chance(g, 5)) continue;
    const value = rightValue(setting, parameter);
    if (value === null) continue;
    query.push(`${parameter.name}=${value}`);
    right.push(parameter.name);
  }
  const path = pathAt(setting, operation);
  right.push(...inPath(operation).map(({ name }) => name));
  const sent = sendingRight(making, extent, right);
  const headers = { ...sent.headers, ...keyOf(making), ...acceptOf(making, extent) };
  const url = path + (query.length > 0 ? `?${query.join('&')}` : '');
  const method = !writes(operation) && chance(g, 10) ? 'HEAD' : operation.method.toUpperCase();
  const statuses = statusesOf(setting, operation, { right, headers, known });
  return { operation, method, url, ...sent, headers, right, wrong: [], statuses, named: [] };
}

function pathAt(setting: Setting, { path, operation }: DocumentedOperation): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = operation.parameters.find((each: Json) => each.in === 'path' && each.name === name);
    return rightValue(setting, parameter) ?? '';
  });
}

/** Body and preconditions of what writes. */
function sendingRight(
  { g, operation: { method, operation } }: Making,
  extent: Extent,
  right: string[],
): Pick<Trial, 'headers' | 'payload'> {
  const headers: Record<string, string> = {};
  for (const { name, in: place } of operation.parameters ?? []) {
    if (place !== 'header' || (extent === 'some' && chance(g, 2))) continue;
    headers[name.toLowerCase()] = pick(g, ['*', '"stale"', 'W/"a", "b"']);
    right.push(name);
  }
  if (method === 'get' || method === 'delete') return { headers };
  const dossier = exampleDossier();
  dossier.document.title = pick(g, [dossier.document.title, 'Ministers meet again']);
  const type = pick(g, Object.keys(operation.requestBody.content));
  return { headers: { ...headers, 'content-type': type }, payload: JSON.stringify(dossier) };
}

const keyOf = ({ g, known, operation }: Making): Record<string, string> => {
  if (writes(operation)) return bearer(known.writeKey);
  const key = pick(g, [null, null, known.readKey, known.writeKey, 'nonsense']);
  return key === null ? {} : bearer(key);
};

const acceptOf = ({ g, operation: { operation } }: Making, extent: Extent): Record<string, string> => {
  if (extent === 'all' || !operation.responses[307] || !chance(g, 6)) return {};
  return {
    accept: pick(g, ['text/csv', 'application/json;q=0.5, */*', 'image/png', 'application/ld+json', ',;q=x']),
  };
};

/** What a right request may be answered with: mostly one status. */
function statusesOf(
  { id }: Setting,
  { path, method, operation }: DocumentedOperation,
  { right, headers, known }: { right: string[]; headers: Record<string, string>; known: Known },
): number[] {
  if (method === 'put') return [200, 201, 409, 412, 428];
  if (method === 'delete') return [200, 404, 412, 428];
  if (path === '/oembed') return [200, 404];
  const found = headers['accept'] ? [200, 307, 406] : [200];
  const past = right.includes('asOf');
  if (path.includes('{revision}')) return past ? [200, 404] : [200];
  if (id === undefined || writes({ path, method, operation })) return found;
  if (id === 'nobody') return [404];
  if (past && path.startsWith('/v1/people/')) return [...found, 308, 404];
  if (known.renamed.some((name) => name.endsWith(`/${id}`))) return [308];
  const needsKey = id === 'excerpts' && operation.security && !/sf_/.test(headers['authorization'] ?? '');
  const answers = needsKey ? [401] : found;
  return past ? [...answers, 404] : answers;
}

/** A request with something wrong in it: in all parameters, or in one or two and perhaps with one that there is not. */
export function wrongTrial(making: Making, extent: Extent): Trial {
  const { g, known, operation } = making;
  const setting = settingOf(making);
  const own = [...inPath(operation), ...queryOf(operation)];
  const victims = extent === 'all' ? own.filter(({ in: place }) => place === 'query') : someOf(g, own);
  const missing =
    extent === 'some' ? queryOf(operation).filter(({ required }) => required && chance(g, 4)) : [];
  const given: string[] = [];
  const wrong: { name: string; level: number }[] = [];
  let path = pathAt(setting, operation);
  for (const parameter of own) {
    const { name, in: place, required } = parameter;
    if (missing.includes(parameter)) {
      wrong.push({ name, level: LEVELS.form });
    } else if (victims.includes(parameter)) {
      const how = oneWrong(making, setting, parameter, extent, wrong.length > 0);
      if (!how) continue;
      wrong.push({ name, level: place === 'path' ? LEVELS.path : LEVELS[how.level] });
      if (place === 'path') path = operation.path.replace(`{${name}}`, how.values[0] as string);
      else given.push(...how.values.map((value) => `${name}=${value}`));
    } else if (place === 'query' && (required || chance(g, 6))) {
      const value = rightValue(setting, parameter);
      if (value !== null) given.push(`${name}=${value}`);
    }
  }
  if (wrong.length === 0 || extent === 'all' || chance(g, 5)) {
    const name = pick(g, UNKNOWN);
    given.push(`${name}=1`);
    wrong.push({ name: decodeURIComponent(name), level: LEVELS.form });
  }
  const url = path + (given.length > 0 ? `?${given.join('&')}` : '');
  const first = Math.min(...wrong.map(({ level }) => level));
  const body = ['put', 'post'].includes(operation.method) && { payload: JSON.stringify(exampleDossier()) };
  return {
    operation,
    method: operation.method.toUpperCase(),
    url,
    headers: { ...(body && JSON_BODY), ...(writes(operation) && bearer(known.writeKey)) },
    ...body,
    right: [],
    wrong: wrong.map(({ name }) => name),
    statuses: [400],
    named: wrong.filter(({ level }) => level === first).map(({ name }) => name),
  };
}

/** In this order the server looks; what is wrong further on is not told then. */
const LEVELS = { path: 0, encoding: 1, form: 2, meaning: 3 } as const;

function someOf(g: GeneratorValue, parameters: Json[]): Json[] {
  if (parameters.length === 0) return [];
  const one = pick(g, parameters);
  return chance(g, 3) ? [one, pick(g, parameters)] : [one];
}

/** All at once must fit into a URL; and of what is wrong in meaning only the first is told. */
function oneWrong(
  { g, cursors }: Making,
  setting: Setting,
  parameter: Json,
  extent: Extent,
  another: boolean,
): Wrong | null {
  const ways = wrongValues(setting, parameter, cursors).filter(({ values, level }) => {
    if (extent === 'all') return level === 'form' && values.join('').length <= 80;
    return level !== 'meaning' || !another;
  });
  return ways.length > 0 ? pick(g, ways) : null;
}

/** A request whose key is wrong or left out. */
export function keyTrial(making: Making): Trial {
  const trial = rightTrial(making, 'some');
  const { authorization: _, ...headers } = trial.headers;
  const [given, status] = pick(making.g, [
    [{}, 401],
    [bearer('nonsense'), 401],
    [{ authorization: 'Basic YTpi' }, 401],
    [bearer(making.known.readKey), 403],
  ] as [Record<string, string>, number][]);
  return { ...trial, headers: { ...headers, ...given }, statuses: [status] };
}

/** A request by a method that the path does not take. */
export function methodTrial(making: Making): Trial {
  const { g, known, operation } = making;
  const taken = Object.keys(document.paths[operation.path]).map((method) => method.toUpperCase());
  const others = ['PATCH', 'POST', 'PUT', 'DELETE', 'TRACE'].filter((method) => !taken.includes(method));
  const method = pick(g, others);
  const headers = chance(g, 2) ? bearer(known.writeKey) : {};
  const url = pathAt(settingOf(making), operation);
  return { operation, method, url, headers, right: [], wrong: [], statuses: [405], named: [] };
}

/** A request whose body is wrong. */
export function bodyTrial(making: Making): Trial {
  const { g, known, operation } = making;
  const { method, path } = operation;
  const url = pathAt(settingOf(making), operation);
  const [headers, payload, status] = pick(g, method === 'delete' ? BODIES_WHERE_NONE_IS : wrongBodies(g));
  // A check tells of problems; an import stops at them.
  const statuses = method === 'post' && status === 422 ? [200, 422] : [status];
  return {
    operation,
    method: method.toUpperCase(),
    url: method === 'delete' ? `${url}?reason=a` : url,
    headers: { ...headers, ...bearer(known.writeKey), 'if-match': '*' },
    payload,
    right: [],
    wrong: ['body'],
    statuses: method === 'put' && path ? [status, 412] : statuses,
    named: [],
  };
}

type WrongBody = [headers: Record<string, string>, payload: string | Buffer, status: number];

const BODIES_WHERE_NONE_IS: WrongBody[] = [
  [JSON_BODY, '{}', 400],
  [{ 'content-type': 'text/plain' }, 'a', 400],
];

function wrongBodies(g: GeneratorValue): WrongBody[] {
  const { facts, ...without } = exampleDossier();
  const any = JSON.stringify(g(fc.jsonValue, { maxDepth: 3 }));
  return [
    [JSON_BODY, '', 400],
    [JSON_BODY, '{"document": ', 422],
    [JSON_BODY, '[]', 422],
    [JSON_BODY, JSON.stringify(without), 422],
    [JSON_BODY, JSON.stringify({ ...without, facts: [{ ...facts[0], colour: 'blue' }] }), 422],
    [JSON_BODY, JSON.stringify({ ...without, facts, text: 5 }), 422],
    [JSON_BODY, any, 422],
    [{ 'content-type': 'application/yaml' }, 'document: {id: &a x}\nfacts: [*b', 422],
    [{ 'content-type': 'application/yaml' }, any, 422],
    [JSON_BODY, Buffer.from([0x7b, 0xff, 0x7d]), 400],
    [{ 'content-type': 'text/plain' }, 'hello', 415],
    [{ 'content-type': 'application/json; charset=latin1' }, '{}', 415],
    [{ ...JSON_BODY, 'content-encoding': 'gzip' }, '{}', 415],
  ];
}
