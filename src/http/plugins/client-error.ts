/** Responses to requests that never reach Fastify: invalid HTTP, `Expect`, `CONNECT`. */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { formatBytes } from '../../lib/numbers.ts';
import { Problem, serviceUnavailable } from '../../lib/problem-details.ts';
import { MAX_HEADER_BYTES } from '../limits.ts';
import { resolveRequestId } from '../request-id.ts';
import { PROBLEM_MEDIA_TYPE } from './error-handler.ts';

const LINGER_MS = 2_000;
const answeredSockets = new WeakSet<Socket>();

/** Returns the handler of bytes that Node's HTTP parser rejected. */
export const createClientErrorHandler =
  (linkBase: string) =>
  (error: NodeJS.ErrnoException, socket: Socket): void => {
    // The parser reports every further chunk of the same request as another error.
    if (answeredSockets.has(socket)) return;
    answeredSockets.add(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    // Read on for a moment: closing a socket with unread bytes resets the connection and loses the response.
    socket.resume();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
    const problem = toProblem(error.code);
    sendRawResponse(socket, problem, linkBase);
  };

/** Responds to a request that has not arrived completely when the server shuts down. */
export function rejectDuringShutdown(socket: Socket, linkBase: string): void {
  answeredSockets.add(socket);
  socket.resume();
  sendRawResponse(socket, serviceUnavailable('The server is shutting down'), linkBase);
}

/** Sends a problem document without a Fastify reply. */
function sendRawResponse(socket: Duplex, problem: Problem, linkBase: string): void {
  const requestId = resolveRequestId(undefined);
  const body = JSON.stringify(problem.toDocument('', requestId, linkBase));
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${process.getBuiltinModule('node:http').STATUS_CODES[problem.status]}`,
      `X-Request-Id: ${requestId}`,
      `Content-Type: ${PROBLEM_MEDIA_TYPE}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Access-Control-Allow-Origin: *',
      'Cache-Control: no-store',
      'Connection: close',
      ...Object.entries(problem.headers).map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  );
}

/** Sends problem documents where Node would send an empty response, or close the connection. */
export function handleExpectAndConnect(server: Server, linkBase: string): void {
  server.on('checkExpectation', ({ headers, socket }: IncomingMessage) => {
    const detail = `Expect: ${headers.expect} is not supported; only 100-continue is`;
    sendRawResponse(socket, new Problem('expectation-failed', detail), linkBase);
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    const detail = 'CONNECT is not supported: this server is not a proxy';
    sendRawResponse(socket, new Problem('method-not-allowed', detail, [], {}), linkBase);
  });
}

function toProblem(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const maxSize = formatBytes(MAX_HEADER_BYTES);
    return new Problem('headers-too-large', `The request line and the headers exceed ${maxSize} together`);
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem('request-timeout', 'The request did not arrive in time');
  return new Problem('invalid-request', 'The request cannot be parsed as HTTP/1.1');
}
