/** Headers that every response carries: request id, Helmet's, and CORS. */
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
  'Content-Disposition',
  'Repr-Digest',
  'Summit-Facts-Revision',
  'Summit-Facts-Sha256',
];

/** The same on every answer: what browsers may read and do with it, whoever asks. */
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
  // Within a scope of its own it answers preflights alone; what other answers need of it is constant.
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

/** What Helmet sets, which is the same for every request. */
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
    // Anyone may read the facts from anywhere.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Whether there is TLS is for the proxy in front to know and to say.
    strictTransportSecurity: false,
  });
  helmetMiddleware({} as never, { setHeader, removeHeader() {} } as never, (error) => {
    if (error) throw error;
  });
  return headers;
}
