/** Internal requests: pages are rendered from the responses of the public API. */
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Remote address of internal requests: no socket has it, and clients cannot forge it by headers. */
const SUB_REQUEST_ADDRESS = 'inside';

/** True for an internal request, on behalf of an external one that has already been counted. */
export const isSubRequest = ({ raw }: FastifyRequest): boolean =>
  raw.socket?.remoteAddress === SUB_REQUEST_ADDRESS;

export interface SubResponse {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** Sends a GET for `url` (path-absolute) without the client's key; shares the id of `request` in the log. */
export async function sendSubRequest(
  app: FastifyInstance,
  request: FastifyRequest,
  url: string,
): Promise<SubResponse> {
  const { statusCode, headers, body } = await app.inject({
    url,
    remoteAddress: SUB_REQUEST_ADDRESS,
    headers: { accept: '*/*', 'x-request-id': request.id },
  });
  return { status: statusCode, headers, body };
}
