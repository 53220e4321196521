import type { FastifyRequest } from 'fastify';
import { unauthorized } from '../../http/plugins/authentication.ts';
import type { Problem } from '../../lib/problem-details.ts';

/** Problem of a request without a key for a text of which only excerpts may be shown. */
export const createExcerptsOnlyProblem = (request: FastifyRequest, id: string): Problem =>
  unauthorized(request, `Without an API key, only excerpts of the text of ${id} may be shown`);
