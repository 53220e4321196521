/** Actual responses of a server with the first dossier, as examples for the OpenAPI documents. */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { stringify } from 'yaml';
import { BINARY_FILE, type ExampleRequest, type Operation } from '../http/route-definition.ts';
import type { OpenApiDocument } from './document.ts';
import type { OpenApiVersion } from './schemas.ts';

const REQUEST_ID = 'a-request-id';

interface OperationObject {
  operationId: string;
  requestBody?: { content: Record<string, MediaTypeObject> };
  responses: Record<string, { content?: Record<string, MediaTypeObject> }>;
}

interface MediaTypeObject {
  example?: unknown;
  examples?: Record<string, { externalValue: string }>;
}

export interface Example {
  method: string;
  url: string;
  /** Bodies by status: parsed if JSON, undefined for a binary file. */
  responses: Map<number, unknown>;
  /** Body of the request. */
  body: object | undefined;
}

/** True if a body of this media type is one JSON value. */
export const isJsonMediaType = (mediaType: string): boolean =>
  /^application\/([\w.-]+\+)?json(;|$)/.test(mediaType);

/** Sends the example request of every operation, with `key`; returns the responses by operationId. */
export async function fetchExamples(app: FastifyInstance, key: string): Promise<Map<string, Example>> {
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
        headers: { 'x-request-id': REQUEST_ID, authorization: `Bearer ${key}`, ...headers },
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
  { mediaType, schema, abridgedExample }: Operation['response'],
  response: LightMyRequestResponse,
): unknown {
  if (schema === BINARY_FILE) return undefined;
  if (!isJsonMediaType(mediaType)) return response.body;
  return abridgedExample ? abridgeLists(response.json()) : response.json();
}

const ABRIDGED_LENGTH = 2;

/** Returns a copy with only the first entries of each list, at any depth. */
function abridgeLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, ABRIDGED_LENGTH).map(abridgeLists);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, abridgeLists(inner)]));
}

/** Returns a copy of `document` with an example in every request body and every response of `examples`. */
export function addExamples(
  document: OpenApiDocument,
  examples: Map<string, Example>,
  openApiVersion: OpenApiVersion,
): OpenApiDocument {
  const copy = structuredClone(document);
  for (const methods of Object.values(copy.paths)) {
    for (const { operationId, requestBody, responses } of Object.values(
      methods,
    ) as unknown as OperationObject[]) {
      const example = examples.get(operationId);
      if (!example) throw new Error(`${operationId} has no example`);
      for (const [status, value] of example.responses) {
        for (const mediaTypeObject of Object.values(responses[status]?.content ?? {}))
          if (value !== undefined)
            Object.assign(mediaTypeObject, toMediaTypeExample(openApiVersion, example, value));
      }
      for (const [mediaType, mediaTypeObject] of Object.entries(requestBody?.content ?? {}))
        mediaTypeObject.example = isJsonMediaType(mediaType) ? example.body : stringify(example.body);
    }
  }
  return copy;
}

/**
 * Strictly, OpenAPI 3.0 cannot express a nullable reference: in the form that client generators understand,
 * linters reject every null in an example. So the 3.0 document refers to the response of a GET by its URL.
 */
const toMediaTypeExample = (
  openApiVersion: OpenApiVersion,
  { method, url }: Example,
  value: unknown,
): MediaTypeObject =>
  openApiVersion === '3.0' && method === 'GET'
    ? { examples: { answer: { externalValue: url } } }
    : { example: value };
