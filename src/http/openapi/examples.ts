/** Puts real answers into an OpenAPI document, asked of a server on the first dossier. */
import type { FastifyInstance } from 'fastify';
import type { OpenApiDocument } from './document.ts';

const REQUEST_ID = 'a-request-id';

interface OperationObject {
  operationId: string;
  responses: Record<string, { content?: Record<string, { example?: unknown }> }>;
}

/** A copy of `document` with an example in every answer. */
export async function withExamples(
  app: FastifyInstance,
  document: OpenApiDocument,
): Promise<OpenApiDocument> {
  const copy = structuredClone(document);
  for (const methods of Object.values(copy.paths)) {
    for (const object of Object.values(methods) as unknown as OperationObject[]) {
      const url = app.operations.get(object.operationId)?.example ?? '';
      const answer = await app.inject({ url, headers: { 'x-request-id': REQUEST_ID } });
      if (answer.statusCode !== 200) throw new Error(`the example ${url} answers ${answer.statusCode}`);
      for (const media of Object.values(object.responses['200']?.content ?? {})) {
        const json = String(answer.headers['content-type']).includes('json');
        media.example = json ? answer.json() : answer.body;
      }
    }
  }
  return copy;
}
