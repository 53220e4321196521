/** How many requests one client may send in a while. */
import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../../lib/problem-details.ts';
import type { Peers } from '../cluster-client.ts';
import { RATE_LIMIT_WINDOW_S } from '../limits.ts';
import { isInner } from '../sub-request.ts';

/** What the answer to a request that was counted says of it. */
export interface Counted {
  exceeded: boolean;
  /** Seconds until the count begins anew. */
  resetS: number;
  headers: Record<string, string>;
}

/** Of a request that is a part of one that was counted. */
const UNCOUNTED: Counted = { exceeded: false, resetS: 0, headers: {} };

export type CountRequest = (request: FastifyRequest) => Promise<Counted>;

/** Counts the requests of each client address, by all `peers` together; null where there is no limit. */
export async function requestCounter(
  app: FastifyInstance,
  max: number,
  peers?: Peers,
): Promise<CountRequest | null> {
  if (max === 0) return null;
  await app.register(rateLimit, {
    global: false,
    max,
    timeWindow: RATE_LIMIT_WINDOW_S * 1000,
    ...(peers && { store: storeOf(peers) }),
  });
  const count = app.createRateLimit();
  const policy = `"default";q=${max};w=${RATE_LIMIT_WINDOW_S}`;
  return async (request) => {
    if (isInner(request)) return UNCOUNTED;
    const counted = await count(request);
    // Nobody is on a list of those who are let through.
    if (counted.isAllowed) throw new Error('not counted');
    const { isExceeded: exceeded, remaining, ttlInSeconds: resetS } = counted;
    const headers = {
      'ratelimit-policy': policy,
      ratelimit: `"default";r=${remaining};t=${resetS}`,
      // Of older drafts, which many clients still read.
      'ratelimit-limit': String(max),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(resetS),
    };
    return { exceeded, resetS, headers };
  };
}

/** Refuses whoever has sent too many, but for the routes that are always to be answered. */
export function limitRequests(app: FastifyInstance, count: CountRequest, max: number): void {
  app.addHook('onRequest', async (request, reply) => {
    // A browser asks twice for what it wants once.
    if (request.method === 'OPTIONS' || request.routeOptions.config.rateLimit === false) return;
    const { exceeded, resetS, headers } = await count(request);
    reply.headers(headers);
    if (!exceeded) return;
    const detail = `This client may send ${max} requests in ${RATE_LIMIT_WINDOW_S} seconds.`;
    throw new Problem('rate-limited', detail, [], { 'retry-after': String(resetS) });
  });
}

/** Where the package counts. */
const storeOf = ({ count }: Peers): FastifyRateLimitStoreCtor =>
  class {
    incr: InstanceType<FastifyRateLimitStoreCtor>['incr'] = (client, callback, windowMs) => {
      count(client, windowMs).then((counted) => callback(null, counted), callback);
    };

    child() {
      return this;
    }
  };
