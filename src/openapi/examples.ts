/** Puts real answers into an OpenAPI document, asked of a server on the first dossier. */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { stringify } from 'yaml';
import { BINARY, type ExampleRequest, type Operation } from '../http/route-definition.ts';
import type { OpenApiDocument } from './document.ts';
import type { Edition } from './schemas.ts';

const REQUEST_ID = 'a-request-id';

interface OperationObject {
  operationId: string;
  requestBody?: { content: Record<string, MediaType> };
  responses: Record<string, { content?: Record<string, MediaType> }>;
}

interface MediaType {
  example?: unknown;
  examples?: Record<string, { externalValue: string }>;
}

export interface Example {
  method: string;
  url: string;
  /** By the status. Parsed, if it is JSON; undefined of a file that no document could show. */
  answers: Map<number, unknown>;
  /** What was sent. */
  body: object | undefined;
}

/** Whether a body of this media type is one JSON value. */
export const isJsonType = (mediaType: string): boolean =>
  /^application\/([\w.-]+\+)?json(;|$)/.test(mediaType);

/** The real answer to the example of every operation, by its id; requests that write are sent with `key`. */
export async function askExamples(app: FastifyInstance, key: string): Promise<Map<string, Example>> {
  const found = new Map<string, Example>();
  // In the order of the wiring: a dossier is there to be read once it is put.
  for (const [operationId, { example, answer: described }] of app.operations) {
    const request: Partial<ExampleRequest> = typeof example === 'string' ? { url: example } : example;
    const { url = '', method = 'GET', headers = {}, body } = request;
    const answers = new Map<number, unknown>();
    // What made something has nothing to do when it is asked once more, and says so with another status.
    for (let times = described.created ? 2 : 1; times > 0; times--) {
      const answer = await app.inject({
        method,
        url,
        headers: { 'x-request-id': REQUEST_ID, authorization: `Bearer ${key}`, ...headers },
        ...(body && { payload: body }),
      });
      const { statusCode: status } = answer;
      if (status >= 300) throw new Error(`the example ${method} ${url} answers ${status}: ${answer.body}`);
      answers.set(status, shown(described, answer));
    }
    found.set(operationId, { method, url, answers, body });
  }
  return found;
}

/** What the document shows of an answer. */
function shown({ mediaType, schema }: Operation['answer'], answer: LightMyRequestResponse): unknown {
  if (schema === BINARY) return undefined;
  return isJsonType(mediaType) ? answer.json() : answer.body;
}

/** A copy of `document` with an example in every body and in every answer that was asked for. */
export function withExamples(
  document: OpenApiDocument,
  examples: Map<string, Example>,
  edition: Edition,
): OpenApiDocument {
  const copy = structuredClone(document);
  for (const methods of Object.values(copy.paths)) {
    for (const { operationId, requestBody, responses } of Object.values(
      methods,
    ) as unknown as OperationObject[]) {
      const example = examples.get(operationId);
      if (!example) throw new Error(`${operationId} has no example`);
      for (const [status, answer] of example.answers) {
        for (const media of Object.values(responses[status]?.content ?? {}))
          if (answer !== undefined) Object.assign(media, exampleIn(edition, example, answer));
      }
      for (const [mediaType, media] of Object.entries(requestBody?.content ?? {}))
        media.example = isJsonType(mediaType) ? example.body : stringify(example.body);
    }
  }
  return copy;
}

/**
 * Taken at its word, OpenAPI 3.0 cannot say that a reference may be null: what generators of clients understand, linters
 * hold against every null in an example. So there an answer that anybody can ask for is named by its URL.
 */
const exampleIn = (edition: Edition, { method, url }: Example, answer: unknown): MediaType =>
  edition === '3.0' && method === 'GET'
    ? { examples: { answer: { externalValue: url } } }
    : { example: answer };
