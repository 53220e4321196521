/** What every request passes before its route: id, plain refusals, headers of safety, and the rate limit. */
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problem.ts';
import { MAX_URL_LENGTH, MAX_URL_LENGTH_WITH_CURSOR, RATE_LIMIT_WINDOW_S } from './limits.ts';
import type { Peers } from './peers.ts';

const EXPOSED = [
  'ETag',
  'Link',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
  'Last-Modified',
  'Content-Disposition',
  'Repr-Digest',
  'Summit-Facts-Revision',
  'Summit-Facts-Sha256',
];

/** With `peers`, a client's requests count against one limit, whichever process they come to. */
export async function guard(app: FastifyInstance, rateLimitPerMinute: number, peers?: Peers): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // What follows counts requests by address, and a connection that was reset has none.
    if (request.ip === undefined) throw new Problem('invalid-request', 'The client has gone.');
    const hosts = request.raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
    // HTTP/1.0 knows requests without a host; no version knows requests with two.
    if (hosts.length > 1 || (hosts.length === 0 && request.raw.httpVersion === '1.1')) {
      throw new Problem(
        'invalid-request',
        `The request has ${hosts.length} Host headers, and must have one.`,
      );
    }
    const most = /[?&]cursor=/.test(request.url) ? MAX_URL_LENGTH_WITH_CURSOR : MAX_URL_LENGTH;
    if (request.url.length > most) {
      const detail = `The URL has ${request.url.length} characters; at most ${most} are read.`;
      throw new Problem('url-too-long', detail);
    }
    if (request.url.includes('#'))
      throw new Problem('invalid-url', 'A fragment (#) is no part of a request.');
  });
  endConnections(app);
  await app.register(cors, {
    origin: '*',
    methods: ['GET', 'HEAD'],
    exposedHeaders: EXPOSED,
    maxAge: 86_400,
    strictPreflight: false,
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
    },
    // Anyone may read the facts from anywhere.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Whether there is TLS is for the proxy in front to know and to say.
    strictTransportSecurity: false,
  });
  if (rateLimitPerMinute > 0) await limit(app, rateLimitPerMinute, peers);
}

/** Once the server is told to stop, each answer is the last on its connection: stopping waits for all of them to end. */
function endConnections(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}

async function limit(app: FastifyInstance, max: number, peers?: Peers): Promise<void> {
  await app.register(rateLimit, {
    max,
    timeWindow: RATE_LIMIT_WINDOW_S * 1000,
    enableDraftSpec: true,
    ...(peers && { store: storeOf(peers) }),
    errorResponseBuilder: () =>
      new Problem('rate-limited', `This client may send ${max} requests in ${RATE_LIMIT_WINDOW_S} seconds.`),
  });
  // The package sends the three headers of older drafts; draft 11 has these two.
  app.addHook('onSend', async (_request, reply) => {
    const remaining = reply.getHeader('ratelimit-remaining');
    if (remaining === undefined) return;
    reply.header('ratelimit-policy', `"default";q=${max};w=${RATE_LIMIT_WINDOW_S}`);
    reply.header('ratelimit', `"default";r=${remaining};t=${reply.getHeader('ratelimit-reset')}`);
  });
}

/** Where the package counts, for all routes alike. */
const storeOf = ({ count }: Peers): FastifyRateLimitStoreCtor =>
  class {
    incr: InstanceType<FastifyRateLimitStoreCtor>['incr'] = (client, callback, windowMs) => {
      count(client, windowMs).then((counted) => callback(null, counted), callback);
    };

    child() {
      return this;
    }
  };
