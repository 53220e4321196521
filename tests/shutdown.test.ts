/** Shutdown of a real server with connections in every state. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { openStore } from '../src/store/open.ts';
import { createStoreUrl } from './support/app.ts';
import { createWriteKey } from './support/dossier-client.ts';
import { type ServerProcess, startServerProcess } from './support/process.ts';

/** Raw connection, and what happened to it. */
interface Connection {
  socket: Socket;
  received: string;
  closed: Promise<void>;
}

/** Order in which connections have been closed, by name. */
type CloseOrder = string[];

interface ConnectionOptions {
  name?: string;
  order?: CloseOrder;
  /** True to stop reading after the first data. */
  pauses?: boolean;
}

async function openConnection(
  { url }: ServerProcess,
  bytes: string,
  { name = '', order = [], pauses = false }: ConnectionOptions = {},
): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  // The server may reset the connection instead of closing it.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const connection = { socket, received: '', closed: closed.then(() => void order.push(name)) };
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    connection.received += chunk;
  });
  // Here, because all responses may have arrived before the test goes on.
  if (pauses) socket.once('data', () => socket.pause());
  await once(socket, 'connect');
  if (bytes !== '') socket.write(bytes);
  return connection;
}

const waitForText = async (connection: Connection, pattern: RegExp): Promise<void> => {
  while (!pattern.test(connection.received)) await once(connection.socket, 'data');
};

const REQUEST = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n';
/** Requests whose responses are together larger than the buffers of both sockets. */
const LARGE_REQUEST_COUNT = 20;
const LARGE_REQUESTS = 'GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(LARGE_REQUEST_COUNT);

const isComplete = (response: string): boolean => {
  const [headers = '', body = ''] = response.split('\r\n\r\n');
  return Number(/^content-length: (\d+)\r$/m.exec(headers)?.[1]) === Buffer.byteLength(body);
};

const getHalfRequests = (key: string): Record<string, string> => ({
  'half a request line': 'GET /v1/ev',
  'half of the headers': 'GET /v1/events HTTP/1.1\r\nHost: a\r\n',
  'half a body': `PUT /v1/dossiers/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
  'half a chunked body': `POST /v1/dossiers/a/check HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/yaml\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfacts\r\n`,
});

it.concurrent.each([
  ['1', 'SIGTERM'],
  ['2', 'SIGTERM'],
  ['1', 'SIGINT'],
] as const)('a server with WORKERS=%s closes idle connections immediately and unfinished ones soon, completes others, and exits with 0 on %s', async (WORKERS, signal) => {
  const DATABASE_URL = createStoreUrl();
  const store = await openStore(DATABASE_URL);
  const key = await createWriteKey(store);
  await store.close();
  const server = await startServerProcess({ DATABASE_URL, WORKERS, RATE_LIMIT_PER_MINUTE: '0' });
  const order: CloseOrder = [];
  // Each twice, so that they reach both workers.
  const open = (name: string, bytes: string, pauses = false) =>
    Promise.all([1, 2].map(() => openConnection(server, bytes, { name, order, pauses })));
  const silent = await open('silent', '');
  const keptAlive = await open('kept alive', REQUEST);
  const halfRequests = getHalfRequests(key);
  const halves = await Promise.all(Object.entries(halfRequests).map(([name, bytes]) => open(name, bytes)));
  const unread = await open('unread', LARGE_REQUESTS, true);
  const slow = await open('slow', LARGE_REQUESTS, true);
  for (const connection of [...unread, ...slow]) await waitForText(connection, /HTTP/);
  const reused = await open('half a request after a response', REQUEST);
  const pipelined = await open('half a request with a complete one', `${REQUEST}GET /heal`);
  for (const connection of [...keptAlive, ...reused, ...pipelined])
    await waitForText(connection, /{"status":"ok"}/);
  for (const { socket } of reused) socket.write('GET /heal');

  const unfinished = [...halves.flat(), ...reused];

  server.child.kill(signal);
  const idle = [...silent, ...keptAlive].map(({ closed }) => closed);
  // On a busy machine, one worker may receive the signal seconds after the other.
  await (WORKERS === '1' ? Promise.all(idle) : Promise.race(idle));
  for (const name of ['unread', 'slow', 'half a request after a response', ...Object.keys(halfRequests)])
    expect(order).not.toContain(name);
  const late = await openConnection(server, '').catch((error: unknown) => error);
  if (late instanceof Error) expect(late.message).toMatch(/ECONNREFUSED|ECONNRESET/);
  else await (late as Connection).closed;
  for (const { socket } of slow) socket.resume();
  await Promise.all(idle);
  for (const { received } of silent) expect(received).toBe('');
  for (const { received } of keptAlive) expect(received).not.toContain('503');

  const { code } = await server.result;
  expect(code).toBe(0);
  for (const { socket } of unread) socket.resume();
  await Promise.all([...unread, ...slow, ...unfinished, ...pipelined].map(({ closed }) => closed));
  for (const { received } of unfinished) {
    expect(received).toMatch(
      /HTTP\/1\.1 503 Service Unavailable\r\n[^{]*\r\n\r\n{"type":"\/problems\/not-ready"/,
    );
    expect(received).toMatch(/^Connection: close\r\nretry-after: \d+\r$/m);
  }
  for (const { received } of slow) {
    const responses = received.split(/(?=HTTP\/1\.1 )/);
    expect(responses.map((response) => isComplete(response))).toEqual(responses.map(() => true));
    expect(responses.length).toBe(LARGE_REQUEST_COUNT);
  }
});

it.concurrent('a second signal ends a server that waits for an unfinished request', async () => {
  const server = await startServerProcess({ DATABASE_URL: createStoreUrl() });
  const idle = await openConnection(server, '');
  const unfinished = await openConnection(server, REQUEST);
  await waitForText(unfinished, /{"status":"ok"}/);
  unfinished.socket.write('GET /v1/ev');
  server.child.kill('SIGTERM');
  await idle.closed;
  server.child.kill('SIGTERM');
  expect((await server.result).code).toBe(1);
});
