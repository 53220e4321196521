/** Actual responses of a server with the first dossier, as examples for the OpenAPI documents. */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { stringify } from 'yaml';
import { BINARY_FILE, type ExampleRequest, type Operation } from '../http/route-definition.ts';
import { isJsonMediaType } from '../lib/media-type.ts';
import type { ProblemDocument } from '../lib/problem-details.ts';
import type { OpenApiDocument } from './document.ts';
import {
  addParameterExamples,
  fetchParameterExamples,
  type ParameterExamples,
} from './parameter-examples.ts';
import { EXAMPLE_REQUEST_ID, fetchProblems, replaceProblemExamples } from './problem-examples.ts';
import { getComponentName, type OpenApiVersion } from './schemas.ts';
import { type OperationObject as ParametersOwner, shareParameters } from './shared-parameters.ts';

interface OperationObject extends ParametersOwner {
  operationId: string;
  requestBody?: { content: Record<string, MediaTypeObject> };
  responses: Record<string, ResponseObject>;
}

interface ResponseObject {
  $ref?: string;
  content?: Record<string, MediaTypeObject>;
}

interface MediaTypeObject {
  example?: unknown;
  examples?: Record<string, { summary?: string; value?: unknown; externalValue?: string }>;
}

/** Examples of all operations and parameters. */
export interface Examples {
  /** By operationId. */
  operations: Map<string, Example>;
  parameters: ParameterExamples;
  /** By code. */
  problems: Map<string, ProblemDocument>;
}

interface Example {
  method: string;
  url: string;
  /** Bodies by status: parsed if JSON, undefined for a binary file. */
  responses: Map<number, unknown>;
  /** Body of the request. */
  body: object | undefined;
}

/** Sends the example request of every operation, with `key`. */
export async function fetchExamples(app: FastifyInstance, key: string): Promise<Examples> {
  // First, because later requests change facts.
  const parameters = await fetchParameterExamples(app);
  const problems = await fetchProblems(app, key);
  return { operations: await fetchOperationExamples(app, key), parameters, problems };
}

/** Returns the responses by operationId. */
async function fetchOperationExamples(app: FastifyInstance, key: string): Promise<Map<string, Example>> {
  const examples = new Map<string, Example>();
  // In order of registration: an example that reads a dossier follows the one that creates it.
  for (const [operationId, { example, response: responseDefinition }] of app.operations) {
    const request: Partial<ExampleRequest> = typeof example === 'string' ? { url: example } : example;
    const { url = '', method = 'GET', headers = {}, body } = request;
    const responses = new Map<number, unknown>();
    // An operation that can create is sent twice: first it creates (201), then it changes nothing (200).
    for (let remaining = responseDefinition.createdDescription ? 2 : 1; remaining > 0; remaining--) {
      const response = await app.inject({
        method,
        url,
        headers: { 'x-request-id': EXAMPLE_REQUEST_ID, authorization: `Bearer ${key}`, ...headers },
        ...(body && { payload: body }),
      });
      const { statusCode: status } = response;
      if (status >= 300) throw new Error(`the example ${method} ${url} returned ${status}: ${response.body}`);
      responses.set(status, toExampleValue(responseDefinition, response));
    }
    examples.set(operationId, { method, url, responses, body });
  }
  return examples;
}

/** Converts a response to the value that the document shows. */
function toExampleValue(
  { mediaType, schema }: Operation['response'],
  response: LightMyRequestResponse,
): unknown {
  if (schema === BINARY_FILE) return undefined;
  return isJsonMediaType(mediaType) ? response.json() : response.body;
}

/** Maximum length of a text in an example. */
const MAX_TEXT_LENGTH = 500;

/** Response of an example request. */
interface ExampleResponse {
  method: string;
  url: string;
  value: unknown;
}

/** Returns a copy of `document` with examples, and with the parameters that operations share as components. */
export function addExamples(
  document: OpenApiDocument,
  examples: Examples,
  openApiVersion: OpenApiVersion,
): OpenApiDocument {
  const copy = structuredClone(document);
  const operations = Object.values(copy.paths).flatMap(
    (methods) => Object.values(methods) as unknown as OperationObject[],
  );
  const sharedExamples = new Map<string, ExampleResponse[]>();
  for (const operation of operations) {
    const { operationId, requestBody, responses } = operation;
    addParameterExamples(operation, examples.parameters, copy.components.schemas);
    const example = examples.operations.get(operationId);
    if (!example) throw new Error(`${operationId} has no example`);
    const { method, url, body } = example;
    for (const [status, fullValue] of example.responses) {
      const { $ref, content = {} } = responses[status] ?? {};
      const exampleResponse = { method, url, value: abbreviate(fullValue) };
      if ($ref === undefined) setExample(content, exampleResponse, openApiVersion);
      else sharedExamples.set($ref, [...(sharedExamples.get($ref) ?? []), exampleResponse]);
    }
    for (const [mediaType, mediaTypeObject] of Object.entries(requestBody?.content ?? {}))
      mediaTypeObject.example = isJsonMediaType(mediaType) ? body : stringify(body);
  }
  addSharedExamples(copy, sharedExamples, openApiVersion);
  for (const { content } of Object.values(copy.components.responses) as ResponseObject[]) {
    const problemObject = content?.['application/problem+json'];
    if (problemObject) replaceProblemExamples(problemObject, examples.problems);
  }
  copy.components.parameters = shareParameters(operations);
  return copy;
}

/** Adds the shortest of the examples to each response that several operations share, with its URL. */
function addSharedExamples(
  { components: { responses } }: OpenApiDocument,
  sharedExamples: Map<string, ExampleResponse[]>,
  openApiVersion: OpenApiVersion,
): void {
  for (const [reference, candidates] of sharedExamples) {
    const [shortest] = candidates.sort((a, b) => measureJson(a.value) - measureJson(b.value));
    const { content = {} } = responses[getComponentName(reference)] as ResponseObject;
    setExample(content, shortest as ExampleResponse, openApiVersion);
    for (const mediaTypeObject of Object.values(content)) {
      const { example: value } = mediaTypeObject;
      if (value === undefined) continue;
      delete mediaTypeObject.example;
      Object.assign(mediaTypeObject, { examples: { answer: { summary: `GET ${shortest?.url}`, value } } });
    }
  }
}

const measureJson = (value: unknown): number => JSON.stringify(value).length;

function setExample(
  content: Record<string, MediaTypeObject>,
  example: ExampleResponse,
  openApiVersion: OpenApiVersion,
): void {
  for (const mediaTypeObject of Object.values(content))
    Object.assign(mediaTypeObject, toMediaTypeExample(openApiVersion, example));
}

/** Truncates lists of objects to one entry, and long texts, as the document's introduction says. */
function abbreviate(value: unknown): unknown {
  if (typeof value === 'string') return abbreviateText(value);
  if (Array.isArray(value)) {
    const entries = value.map(abbreviate);
    return entries.every((entry) => typeof entry === 'object') ? entries.slice(0, 1) : entries;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, abbreviate(inner)]));
}

/** Truncates a text, after a line if it has several. A line of JSON stays one. */
function abbreviateText(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  if (text.startsWith('{'))
    return text.replace(/.+/g, (line) => JSON.stringify(abbreviate(JSON.parse(line))));
  const head = text.slice(0, MAX_TEXT_LENGTH);
  return `${head.slice(0, head.lastIndexOf('\n') + 1) || head}...`;
}

/**
 * Returns the example of a response. Strictly, OpenAPI 3.0 cannot express a nullable reference: in the form that
 * client generators understand, linters reject every null in an example. So the 3.0 document refers to the
 * response of a GET by its URL. The 3.1 document does not, because some generators try to read such files.
 */
function toMediaTypeExample(
  openApiVersion: OpenApiVersion,
  { method, url, value }: ExampleResponse,
): MediaTypeObject {
  if (value === undefined) return {};
  return openApiVersion === '3.0' && method === 'GET'
    ? { examples: { answer: { externalValue: url } } }
    : { example: value };
}
