/** Answers what never becomes a Fastify request: bytes that are no HTTP, `Expect`, `CONNECT`. */
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Problem, type ProblemCode } from '../../lib/problem-details.ts';
import { requestIdOf } from '../request-id.ts';
import { PROBLEM_TYPE } from './error-handler.ts';

const LINGER_MS = 2_000;
const answered = new WeakSet<Socket>();

/** Answers what Node's parser refused, before there is a request that Fastify could see. */
export function onClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // The parser complains again about every further chunk of the same request.
  if (answered.has(socket)) return;
  answered.add(socket);
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  // Read on for a moment: closing on bytes that nobody read would reset the connection, answer and all.
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
  answerOn(socket, new Problem(parserProblem(error.code), 'The request could not be read as HTTP/1.1.'));
}

/** Answers where there is no reply to answer with. */
function answerOn(socket: Duplex, problem: Problem): void {
  const requestId = requestIdOf(undefined);
  const body = JSON.stringify(problem.document('', requestId));
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${process.getBuiltinModule('node:http').STATUS_CODES[problem.status]}`,
      `X-Request-Id: ${requestId}`,
      `Content-Type: ${PROBLEM_TYPE}`,
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
export function answerUnusual(server: Server): void {
  server.on('checkExpectation', ({ headers, socket }: IncomingMessage) => {
    answerOn(
      socket,
      new Problem('expectation-failed', `Nothing here knows how to meet Expect: ${headers.expect}.`),
    );
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    answerOn(socket, new Problem('method-not-allowed', 'CONNECT is not allowed here.', [], {}));
  });
}

function parserProblem(code: string | undefined): ProblemCode {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'invalid-request';
}
