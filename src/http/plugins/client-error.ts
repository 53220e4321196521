/** Answers what never becomes a Fastify request: bytes that are no HTTP, `Expect`, `CONNECT`. */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Problem, type ProblemCode } from '../../lib/problem-details.ts';
import { resolveRequestId } from '../request-id.ts';
import { PROBLEM_MEDIA_TYPE } from './error-handler.ts';

const LINGER_MS = 2_000;
const answeredSockets = new WeakSet<Socket>();

/** Answers what Node's parser refused, before there is a request that Fastify could see. */
export function handleClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // The parser complains again about every further chunk of the same request.
  if (answeredSockets.has(socket)) return;
  answeredSockets.add(socket);
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // Read on for a moment: closing on bytes that nobody read would reset the connection, answer and all.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
  sendRawResponse(
    socket,
    new Problem(toProblemCode(error.code), 'The request could not be read as HTTP/1.1.'),
  );
}

/** Answers where there is no reply to answer with. */
function sendRawResponse(socket: Duplex, problem: Problem): void {
  const requestId = resolveRequestId(undefined);
  const body = JSON.stringify(problem.toDocument('', requestId));
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${process.getBuiltinModule('node:http').STATUS_CODES[problem.status]}`,
      `X-Request-Id: ${requestId}`,
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Access-Control-Allow-Origin: *',
      'Cache-Control: no-store',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** Answers what Node would otherwise answer by itself, or not at all. */
export function handleExpectAndConnect(server: Server): void {
  server.on('checkExpectation', ({ headers, socket }: IncomingMessage) => {
    sendRawResponse(
      socket,
      new Problem('expectation-failed', `Nothing here knows how to meet Expect: ${headers.expect}.`),
    );
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    sendRawResponse(socket, new Problem('method-not-allowed', 'CONNECT is not allowed here.', [], {}));
  });
}

function toProblemCode(code: string | undefined): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'invalid-request';
}
