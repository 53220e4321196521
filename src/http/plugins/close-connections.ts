import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { SHUTDOWN_LINGER_MS, SHUTDOWN_RESPONSE_TIMEOUT_MS, SHUTDOWN_STALL_TIMEOUT_MS } from '../limits.ts';
import { rejectDuringShutdown } from './client-error.ts';

/** Interval at which a shutdown looks for connections that it can close. */
const CHECK_INTERVAL_MS = 50;

interface Connection {
  /** Responses that have not been sent completely. */
  responses: Set<ServerResponse>;
  /** Bytes that had arrived when the last response was complete. */
  handledBytes: number;
  /** True if the connection was between two requests, or had not been used, at the last check. */
  wasIdle: boolean;
  /** Bytes that the client had accepted at the last check, and the time at which that number last changed. */
  acceptedBytes: number;
  lastProgressAt: number;
  /** True once the client has been told that its request will not be handled. */
  isRejected: boolean;
}

type Connections = Map<Socket, Connection>;

/**
 * Closes connections during a shutdown, which waits for all of them: idle ones immediately, those whose request
 * does not arrive or whose response is not read after `SHUTDOWN_STALL_TIMEOUT_MS`, and all others as soon as
 * their response has been sent, or after `SHUTDOWN_RESPONSE_TIMEOUT_MS`.
 */
export function closeConnectionsOnShutdown(app: FastifyInstance): void {
  const connections = trackConnections(app.server);
  // Node calls this when the server closes. Its own also closes connections that have not sent all of their
  // last response, and none that have not been used.
  app.server.closeIdleConnections = () => {};
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    // An app that only gets injected requests has no connections, and its server never closes.
    if (!app.server.listening) return;
    const startedAt = performance.now();
    for (const connection of connections.values()) connection.lastProgressAt = startedAt;
    const timer = setInterval(
      () => closeConnections(app, connections, performance.now() - startedAt),
      CHECK_INTERVAL_MS,
    ).unref();
    app.server.once('close', () => clearInterval(timer));
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) reply.header('connection', 'close');
    done();
  });
}

function trackConnections(server: Server): Connections {
  const connections: Connections = new Map();
  server.on('connection', (socket) => {
    connections.set(socket, {
      responses: new Set(),
      handledBytes: 0,
      wasIdle: false,
      acceptedBytes: 0,
      lastProgressAt: performance.now(),
      isRejected: false,
    });
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    const connection = connections.get(socket);
    if (!connection) return;
    connection.responses.add(response);
    response.once('close', () => {
      connection.responses.delete(response);
      connection.handledBytes = socket.bytesRead;
    });
  });
  return connections;
}

function closeConnections(
  { log, linkBase }: FastifyInstance,
  connections: Connections,
  elapsedMs: number,
): void {
  for (const [socket, connection] of connections) {
    const isIdle = isConnectionIdle(socket, connection);
    // A request may have arrived that this process has not read yet; by the second check it has.
    if (isIdle && connection.wasIdle) socket.destroy();
    connection.wasIdle = isIdle;
    if (isIdle) continue;
    const isStalled = hasStalled(socket, connection);
    if (!isStalled && elapsedMs < SHUTDOWN_RESPONSE_TIMEOUT_MS) continue;
    if (!connection.isRejected) {
      const reason = isStalled ? 'the client has stalled' : 'the response takes too long';
      log.warn({ remoteAddress: socket.remoteAddress }, `closing a connection: ${reason}`);
    }
    rejectOrDestroy(socket, connection, linkBase);
  }
}

const isConnectionIdle = (socket: Socket, { responses, handledBytes }: Connection): boolean =>
  responses.size === 0 && socket.writableLength === 0 && socket.bytesRead === handledBytes;

/** True if the client has neither completed a request nor accepted a part of its response for too long. */
function hasStalled(socket: Socket, connection: Connection): boolean {
  const acceptedBytes = socket.bytesWritten - socket.writableLength;
  const now = performance.now();
  if (acceptedBytes !== connection.acceptedBytes) connection.lastProgressAt = now;
  connection.acceptedBytes = acceptedBytes;
  const isUnread = socket.writableLength > 0;
  const isIncomplete = [...connection.responses].every(({ req }) => !req.complete);
  // Some clients never close a connection themselves.
  const timeout = connection.isRejected ? SHUTDOWN_LINGER_MS : SHUTDOWN_STALL_TIMEOUT_MS;
  return (isUnread || isIncomplete) && now - connection.lastProgressAt >= timeout;
}

/** Responds to a request that has not arrived, unless it already has a part of a response. */
function rejectOrDestroy(socket: Socket, connection: Connection, linkBase: string): void {
  const hasResponse = [...connection.responses].some(({ headersSent }) => headersSent);
  if (connection.isRejected || hasResponse || !socket.writable) return void socket.destroy();
  connection.isRejected = true;
  rejectDuringShutdown(socket, linkBase);
}
