/** How many requests one client may send in a while. */
import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { RATE_LIMIT_WINDOW_S } from '../limits.ts';
import { isSubRequest } from '../sub-request.ts';

/** What the answer to a request that was counted says of it. */
export interface RateLimitResult {
  exceeded: boolean;
  /** Seconds until the count begins anew. */
  resetS: number;
  headers: Record<string, string>;
}

/** Of a request that is a part of one that was counted. */
const UNCOUNTED_RESULT: RateLimitResult = { exceeded: false, resetS: 0, headers: {} };

export type RateLimitCheck = (request: FastifyRequest) => Promise<RateLimitResult>;

/** Counts the requests of each client address, by all `peers` together; null where there is no limit. */
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
    ...(cluster && { store: createClusterStore(cluster) }),
  });
  const countRequest = app.createRateLimit();
  const policy = `"default";q=${maxRequests};w=${RATE_LIMIT_WINDOW_S}`;
  return async (request) => {
    if (isSubRequest(request)) return UNCOUNTED_RESULT;
    const result = await countRequest(request);
    // Nobody is on a list of those who are let through.
    if (result.isAllowed) throw new Error('not counted');
    const { isExceeded: exceeded, remaining, ttlInSeconds: resetS } = result;
    const headers = {
      'ratelimit-policy': policy,
      ratelimit: `"default";r=${remaining};t=${resetS}`,
      // Of older drafts, which many clients still read.
      'ratelimit-limit': String(maxRequests),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(resetS),
    };
    return { exceeded, resetS, headers };
  };
}

/** Refuses whoever has sent too many, but for the routes that are always to be answered. */
export function enforceRateLimit(
  app: FastifyInstance,
  checkRateLimit: RateLimitCheck,
  maxRequests: number,
): void {
  app.addHook('onRequest', async (request, reply) => {
    // A browser asks twice for what it wants once.
    if (request.method === 'OPTIONS' || request.routeOptions.config.rateLimit === false) return;
    const { exceeded, resetS, headers } = await checkRateLimit(request);
    reply.headers(headers);
    if (!exceeded) return;
    const detail = `This client may send ${maxRequests} requests in ${RATE_LIMIT_WINDOW_S} seconds.`;
    throw new Problem('rate-limited', detail, [], { 'retry-after': String(resetS) });
  });
}

/** Where the package counts. */
const createClusterStore = ({ countRequest }: ClusterClient): FastifyRateLimitStoreCtor =>
  class {
    incr: InstanceType<FastifyRateLimitStoreCtor>['incr'] = (client, callback, windowMs) => {
      countRequest(client, windowMs).then((result) => callback(null, result), callback);
    };

    child() {
      return this;
    }
  };
