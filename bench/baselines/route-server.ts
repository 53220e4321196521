/**
 * Baseline for repeated requests: Fastify without plugins, with a route that sends the headers and body of a
 * response that was fetched once from the measured server, and a route that sends its 304. Only the request
 * id and the date differ each time. Arguments: the URL of the measured server and the path.
 */
import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { getOkResponse, getResponse } from '../http-client.ts';

/** Headers that Node or the route creates for each response. */
const UNCOPIED_HEADERS = /^(x-request-id|date|connection|keep-alive|content-length)$/i;

const [serverUrl = '', path = ''] = process.argv.slice(2);
const response = await getOkResponse(serverUrl + path);
const etag = response.headers.find(([name]) => name === 'etag')?.[1] as string;
const notModified = await getResponse(serverUrl + path, { 'if-none-match': etag });
if (notModified.status !== 304)
  throw new Error(`GET ${path} with If-None-Match: status ${notModified.status}, expected 304`);
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
