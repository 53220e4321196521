/** Rate limit per client address. */
import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';
import { getClientAddress } from '../client-address.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { RATE_LIMIT_WINDOW_S } from '../limits.ts';

/** State of a client's limit after one of its requests was counted. */
export interface RateLimitResult {
  exceeded: boolean;
  /** Seconds until the window ends and the count restarts. */
  resetS: number;
  headers: Record<string, string>;
}

export type RateLimitCheck = (request: FastifyRequest) => Promise<RateLimitResult>;

/** Counts the requests of each client address across all processes; returns null if there is no limit. */
export async function createRateLimiter(
  app: FastifyInstance,
  maxRequests: number,
  cluster?: ClusterClient,
): Promise<RateLimitCheck | null> {
  if (maxRequests === 0) return null;
  await app.register(rateLimit, {
    global: false,
    max: maxRequests,
    timeWindow: RATE_LIMIT_WINDOW_S * 1000,
    keyGenerator: getClientAddress,
    ...(cluster && { store: createClusterStore(cluster) }),
  });
  const countRequest = app.createRateLimit();
  const policy = `"default";q=${maxRequests};w=${RATE_LIMIT_WINDOW_S}`;
  return async (request) => {
    const result = await countRequest(request);
    // No client is on an allow list, so every request is counted.
    if (result.isAllowed) throw new Error('the rate limiter did not count the request');
    const { isExceeded: exceeded, remaining, ttlInSeconds: resetS } = result;
    const headers = {
      'ratelimit-policy': policy,
      ratelimit: `"default";r=${remaining};t=${resetS}`,
      // Headers of older drafts, which many clients still read.
      'ratelimit-limit': String(maxRequests),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(resetS),
    };
    return { exceeded, resetS, headers };
  };
}

/** Rejects requests over the limit, except for routes without a limit. */
export function enforceRateLimit(
  app: FastifyInstance,
  checkRateLimit: RateLimitCheck,
  maxRequests: number,
): void {
  app.addHook('onRequest', async (request, reply) => {
    // A CORS preflight would count a browser's request twice.
    if (request.method === 'OPTIONS' || request.routeOptions.config.rateLimit === false) return;
    const { exceeded, resetS, headers } = await checkRateLimit(request);
    reply.headers(headers);
    if (!exceeded) return;
    const limit = `${maxRequests} requests in ${RATE_LIMIT_WINDOW_S} seconds`;
    const detail = `This client has sent more than ${limit}; try again in ${resetS} seconds`;
    throw new Problem('rate-limited', detail, [], { 'retry-after': String(resetS) });
  });
}

/** Store for @fastify/rate-limit that counts in the primary process. */
const createClusterStore = ({ countRequest }: ClusterClient): FastifyRateLimitStoreCtor =>
  class {
    incr: InstanceType<FastifyRateLimitStoreCtor>['incr'] = (client, callback, windowMs) => {
      countRequest(client, windowMs).then((result) => callback(null, result), callback);
    };

    child() {
      return this;
    }
  };
