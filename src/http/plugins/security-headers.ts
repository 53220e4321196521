/** Headers of every response: request id, security headers of Helmet, and CORS. */
import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

const EXPOSED_HEADERS = [
  'ETag',
  'Link',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
  'Last-Modified',
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Range',
  'Repr-Digest',
  'Summit-Facts-Revision',
  'Summit-Facts-Sha256',
];

/** CORS and security headers, which do not depend on the request. */
const CONSTANT_HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
  ...collectHelmetHeaders(),
};

export async function securityHeaders(app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(CONSTANT_HEADERS).header('x-request-id', request.id);
    done();
  });
  // In its own scope the plugin only handles preflights; the CORS headers of other responses are constant.
  await app.register(async (scope) => {
    await scope.register(cors, {
      origin: '*',
      methods: ['GET', 'HEAD'],
      exposedHeaders: EXPOSED_HEADERS,
      maxAge: 86_400,
      strictPreflight: false,
    });
  });
}

/** Returns the headers that Helmet sets, which are the same for every request. */
function collectHelmetHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  const setHeader = (name: string, value: string) => {
    headers[name.toLowerCase()] = value;
  };
  const helmetMiddleware = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
    },
    // Pages of any origin may read the facts.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // TLS ends at a reverse proxy, which is responsible for this header.
    strictTransportSecurity: false,
  });
  helmetMiddleware({} as never, { setHeader, removeHeader() {} } as never, (error) => {
    if (error) throw error;
  });
  return headers;
}
