import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
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
