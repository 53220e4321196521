/** Puts real answers into an OpenAPI document, asked of a server on the first dossier. */
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
  /** By the status. Parsed, if it is JSON; undefined of a file that no document could show. */
  responses: Map<number, unknown>;
  /** What was sent. */
  body: object | undefined;
}

/** Whether a body of this media type is one JSON value. */
export const isJsonMediaType = (mediaType: string): boolean =>
  /^application\/([\w.-]+\+)?json(;|$)/.test(mediaType);

/** The real answer to the example of every operation, by its id; requests that write are sent with `key`. */
export async function fetchExamples(app: FastifyInstance, key: string): Promise<Map<string, Example>> {
  const examples = new Map<string, Example>();
  // In the order of the wiring: a dossier is there to be read once it is put.
  for (const [operationId, { example, response: responseDefinition }] of app.operations) {
    const request: Partial<ExampleRequest> = typeof example === 'string' ? { url: example } : example;
    const { url = '', method = 'GET', headers = {}, body } = request;
    const responses = new Map<number, unknown>();
    // What made something has nothing to do when it is asked once more, and says so with another status.
    for (let remaining = responseDefinition.createdDescription ? 2 : 1; remaining > 0; remaining--) {
      const response = await app.inject({
        method,
        url,
        headers: { 'x-request-id': REQUEST_ID, authorization: `Bearer ${key}`, ...headers },
        ...(body && { payload: body }),
      });
      const { statusCode: status } = response;
      if (status >= 300) throw new Error(`the example ${method} ${url} answers ${status}: ${response.body}`);
      responses.set(status, toExampleValue(responseDefinition, response));
    }
    examples.set(operationId, { method, url, responses, body });
  }
  return examples;
}

/** What the document shows of an answer. */
function toExampleValue(
  { mediaType, schema }: Operation['response'],
  response: LightMyRequestResponse,
): unknown {
  if (schema === BINARY_FILE) return undefined;
  return isJsonMediaType(mediaType) ? response.json() : response.body;
}

/** A copy of `document` with an example in every body and in every answer that was asked for. */
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
 * Taken at its word, OpenAPI 3.0 cannot say that a reference may be null: what generators of clients understand, linters
 * hold against every null in an example. So there an answer that anybody can ask for is named by its URL.
 */
const toMediaTypeExample = (
  openApiVersion: OpenApiVersion,
  { method, url }: Example,
  value: unknown,
): MediaTypeObject =>
  openApiVersion === '3.0' && method === 'GET'
    ? { examples: { answer: { externalValue: url } } }
    : { example: value };
