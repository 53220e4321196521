import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { SHUTDOWN_LINGER_MS, SHUTDOWN_STALL_TIMEOUT_MS } from '../../../src/http/limits.ts';
import { createApp, createStore } from '../../support/app.ts';

it('a shutdown waits for responses in flight, and not for their idle connections', async () => {
  const body = new Readable({ read() {} });
  const app = await createApp(await createStore(), {}, (instance) => {
    instance.get('/stream', { schema: { hide: true } }, (_request, reply) => reply.send(body));
  });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true });
  body.push('first');
  const [response] = (await once(get(`${address}/stream`, { agent }), 'response')) as [IncomingMessage];
  expect(response.headers.connection).toBe('keep-alive');
  await once(response, 'readable');
  let closed = false;
  const closing = app.close().then(() => {
    closed = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(closed).toBe(false);
  body.push('second');
  body.push(null);
  let text = '';
  for await (const chunk of response) text += chunk;
  expect(text).toBe('firstsecond');
  // Without it, this takes as long as an idle connection stays open: more than a minute.
  await closing;
  agent.destroy();
});

it('a shutdown does not wait for clients that keep a rejected connection open', async () => {
  const app = await createApp(await createStore());
  const port = Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port);
  // It does not close its end when the server has.
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.setEncoding('utf8').on('error', () => {});
  const accepted = once(app.server, 'connection');
  socket.write('GET /v1/ev');
  const [serverSocket] = await accepted;
  while (serverSocket.bytesRead === 0) await new Promise(setImmediate);
  let now = performance.now();
  let end = Number.POSITIVE_INFINITY;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  const timer = setInterval(() => {
    now = Math.min(now + SHUTDOWN_LINGER_MS, end);
  }, 100);
  const closing = app.close();
  const [response] = await once(socket, 'data');
  expect(response).toMatch(/^HTTP\/1\.1 503 /);
  // The clock stops before the client would count as stalled again.
  end = now + SHUTDOWN_STALL_TIMEOUT_MS / 2;
  await closing;
  clearInterval(timer);
  clock.mockRestore();
  socket.destroy();
});
