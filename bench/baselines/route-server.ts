/**
 * The yardstick for an answer that is asked for again: bare Fastify with one route that sends the bytes and headers of one
 * answer of ours, fetched once, and one that sends the 304 to it. An id for the request and the date are new each time.
 * Its arguments are the address of our server and the path.
 */
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { ask, askWell } from '../http-client.ts';

/** Made anew by Node or by the route. */
const NOT_COPIED = /^(x-request-id|date|connection|keep-alive|content-length)$/i;

const [from = '', path = ''] = process.argv.slice(2);
const full = await askWell(from + path);
const etag = full.headers.find(([name]) => name === 'etag')?.[1] as string;
const empty = await ask(from + path, { 'if-none-match': etag });
if (empty.status !== 304) throw new Error(`${path} answers ${empty.status} to If-None-Match`);
const [headers, emptyHeaders] = [full, empty].map((answer) =>
  Object.fromEntries(answer.headers.filter(([name]) => !NOT_COPIED.test(name))),
) as [Record<string, string>, Record<string, string>];

const app = Fastify({ genReqId: () => randomUUID(), keepAliveTimeout: 65_000 });
app.get('/full', (request, reply) => {
  reply.headers(headers).header('x-request-id', request.id).send(full.body);
});
app.get('/empty', (request, reply) => {
  reply.code(304).headers(emptyHeaders).header('x-request-id', request.id).send();
});
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
