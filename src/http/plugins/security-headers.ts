/** What every request passes before its route: id, plain refusals, and headers of safety. */
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import helmet from 'helmet';
import { Problem } from '../../lib/problem-details.ts';
import { MAX_URL_LENGTH, MAX_URL_LENGTH_WITH_CURSOR } from '../limits.ts';

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

/** The same on every answer: what browsers may read and do with it, whoever asks. */
const CONSTANT: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': EXPOSED.join(', '),
  ...headersOfSafety(),
};

export async function guard(app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(CONSTANT).header('x-request-id', request.id);
    refuseOutright(request);
    done();
  });
  endConnections(app);
  // Within a scope of its own it answers preflights alone; what other answers need of it is constant.
  await app.register(async (scope) => {
    await scope.register(cors, {
      origin: '*',
      methods: ['GET', 'HEAD'],
      exposedHeaders: EXPOSED,
      maxAge: 86_400,
      strictPreflight: false,
    });
  });
}

function refuseOutright(request: FastifyRequest): void {
  // What follows counts requests by address, and a connection that was reset has none.
  if (request.ip === undefined) throw new Problem('invalid-request', 'The client has gone.');
  const hosts = hostsIn(request);
  // HTTP/1.0 knows requests without a host; no version knows requests with two.
  if (hosts > 1 || (hosts === 0 && request.raw.httpVersion === '1.1')) {
    throw new Problem('invalid-request', `The request has ${hosts} Host headers, and must have one.`);
  }
  const { url } = request;
  const most = /[?&]cursor=/.test(url) ? MAX_URL_LENGTH_WITH_CURSOR : MAX_URL_LENGTH;
  if (url.length > most) {
    const detail = `The URL has ${url.length} characters; at most ${most} are read.`;
    throw new Problem('url-too-long', detail);
  }
  if (url.includes('#')) throw new Problem('invalid-url', 'A fragment (#) is no part of a request.');
}

/** How many Host headers a request came with: Node keeps only the first. */
export function hostsIn({ raw: { rawHeaders } }: FastifyRequest): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}

/** What Helmet sets, which is the same for every request. */
function headersOfSafety(): Record<string, string> {
  const headers: Record<string, string> = {};
  const setHeader = (name: string, value: string) => {
    headers[name.toLowerCase()] = value;
  };
  const handle = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
    },
    // Anyone may read the facts from anywhere.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Whether there is TLS is for the proxy in front to know and to say.
    strictTransportSecurity: false,
  });
  handle({} as never, { setHeader, removeHeader() {} } as never, (error) => {
    if (error) throw error;
  });
  return headers;
}

/** Once the server is told to stop, each answer is the last on its connection: stopping waits for all of them to end. */
function endConnections(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
}
