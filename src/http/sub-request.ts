/** What the server asks of itself: pages are made of what the public URLs answer, by the same code that answers others. */
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Where such a request comes from. No socket has this address, and what a client writes into its headers is no socket's. */
const INSIDE = 'inside';

/** Whether it was asked by this server itself, on behalf of a request that was counted already. */
export const isInner = ({ raw }: FastifyRequest): boolean => raw.socket?.remoteAddress === INSIDE;

export interface InnerAnswer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** What a GET of `url` (path-absolute) answers to anybody. `request` is the one that it is asked for: logs tell them together. */
export async function askInner(
  app: FastifyInstance,
  request: FastifyRequest,
  url: string,
): Promise<InnerAnswer> {
  const { statusCode, headers, body } = await app.inject({
    url,
    remoteAddress: INSIDE,
    headers: { accept: '*/*', 'x-request-id': request.id },
  });
  return { status: statusCode, headers, body };
}
