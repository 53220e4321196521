/** Puts real answers into an OpenAPI document, asked of a server on the first dossier. */
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { BINARY, type ExampleRequest, type Operation } from '../operation.ts';
import type { OpenApiDocument } from './document.ts';

const REQUEST_ID = 'a-request-id';

interface OperationObject {
  operationId: string;
  requestBody?: { content: Record<string, MediaType> };
  responses: Record<string, { content?: Record<string, MediaType> }>;
}

interface MediaType {
  example?: unknown;
}

export interface Example {
  status: number;
  /** Parsed, if it is JSON; undefined of a file that no document could show. */
  answer: unknown;
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
    const answer = await app.inject({
      method,
      url,
      headers: { 'x-request-id': REQUEST_ID, authorization: `Bearer ${key}`, ...headers },
      ...(body && { payload: body }),
    });
    const { statusCode: status } = answer;
    if (status >= 300) throw new Error(`the example ${method} ${url} answers ${status}: ${answer.body}`);
    found.set(operationId, { status, answer: shown(described, answer), body });
  }
  return found;
}

/** What the document shows of an answer. */
function shown({ mediaType, schema }: Operation['answer'], answer: LightMyRequestResponse): unknown {
  if (schema === BINARY) return undefined;
  return isJsonType(mediaType) ? answer.json() : answer.body;
}

/** A copy of `document` with an example in every body and in every answer that was asked for. */
export function withExamples(document: OpenApiDocument, examples: Map<string, Example>): OpenApiDocument {
  const copy = structuredClone(document);
  for (const methods of Object.values(copy.paths)) {
    for (const { operationId, requestBody, responses } of Object.values(
      methods,
    ) as unknown as OperationObject[]) {
      const example = examples.get(operationId);
      if (!example) throw new Error(`${operationId} has no example`);
      for (const media of Object.values(responses[example.status]?.content ?? {}))
        if (example.answer !== undefined) media.example = example.answer;
      for (const media of Object.values(requestBody?.content ?? {})) media.example = example.body;
    }
  }
  return copy;
}
