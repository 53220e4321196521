/**
 * The yardstick for an answer that is asked for again: bare Fastify with one route that sends the bytes and headers of one
 * answer of ours, fetched once, and one that sends the 304 to it. An id for the request and the date are new each time.
 * Its arguments are the address of our server and the path.
 */
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { getOkResponse, getResponse } from '../http-client.ts';

/** Made anew by Node or by the route. */
const UNCOPIED_HEADERS = /^(x-request-id|date|connection|keep-alive|content-length)$/i;

const [serverUrl = '', path = ''] = process.argv.slice(2);
const response = await getOkResponse(serverUrl + path);
const etag = response.headers.find(([name]) => name === 'etag')?.[1] as string;
const notModified = await getResponse(serverUrl + path, { 'if-none-match': etag });
if (notModified.status !== 304) throw new Error(`${path} answers ${notModified.status} to If-None-Match`);
const [headers, emptyHeaders] = [response, notModified].map((response) =>
  Object.fromEntries(response.headers.filter(([name]) => !UNCOPIED_HEADERS.test(name))),
) as [Record<string, string>, Record<string, string>];

const app = Fastify({ genReqId: () => randomUUID(), keepAliveTimeout: 65_000 });
app.get('/full', (request, reply) => {
  reply.headers(headers).header('x-request-id', request.id).send(response.body);
});
app.get('/empty', (request, reply) => {
  reply.code(304).headers(emptyHeaders).header('x-request-id', request.id).send();
});
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
