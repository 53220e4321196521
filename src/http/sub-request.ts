/** What the server asks of itself: pages are made of what the public URLs answer, by the same code that answers others. */
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Where such a request comes from. No socket has this address, and what a client writes into its headers is no socket's. */
const SUB_REQUEST_ADDRESS = 'inside';

/** Whether it was asked by this server itself, on behalf of a request that was counted already. */
export const isSubRequest = ({ raw }: FastifyRequest): boolean =>
  raw.socket?.remoteAddress === SUB_REQUEST_ADDRESS;

export interface SubResponse {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** What a GET of `url` (path-absolute) answers to anybody. `request` is the one that it is asked for: logs tell them together. */
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
