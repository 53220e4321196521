/** Worker thread that handles complete requests, on a read-only database connection of its own. */
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import type { Readable } from 'node:stream';
import { type MessagePort, workerData } from 'node:worker_threads';
import type { FastifyReply } from 'fastify';
import { buildApp } from '../app.ts';
import { openStoreForSlowQueries } from '../store/open.ts';
import { lowerThreadPriority } from './lower-priority.ts';
import type { BodyChunk, RequestTask, RequestWorkerData, ResponseHead } from './messages.ts';

/** Maximum number of chunks that the receiver has not acknowledged. */
const MAX_CHUNKS_IN_FLIGHT = 4;

/** Header from which the hook knows the task. Safe, because clients cannot send requests to this thread. */
const TASK_HEADER = 'x-scan-task';

const { config, publicUrl, storeOptions } = workerData as RequestWorkerData;
const store = await openStoreForSlowQueries(config.databaseUrl, storeOptions);
const app = await buildApp({
  store,
  config: { logLevel: config.logLevel, publicUrl, cacheMaxBytes: 0, rateLimitPerMinute: 0, trustProxy: [] },
});
/** Parts of a response that `inject` does not return, by task. */
const responseParts = new Map<
  string,
  { cacheMetadata: FastifyReply['cacheable']; bodyStream: Readable | null }
>();
app.addHook('onSend', (request, reply, payload, done) => {
  const bodyStream = payload instanceof Object && 'pipe' in payload ? (payload as Readable) : null;
  responseParts.set(String(request.headers[TASK_HEADER]), { cacheMetadata: reply.cacheable, bodyStream });
  if (bodyStream) done(null, '');
  else done();
});
await app.ready();
// Without this, the compile cache (if enabled) would be written only when the thread ends.
flushCompileCache();
lowerThreadPriority();

let tasks = 0;

export default async function handleRequest({ method, url, headers, ...rest }: RequestTask): Promise<void> {
  const { deadline, clientClosed, port } = rest;
  tasks += 1;
  const task = String(tasks);
  store.setDeadline(deadline, new Int32Array(clientClosed));
  const {
    statusCode,
    headers: responseHeaders,
    rawPayload,
  } = await app.inject({
    method: method as 'GET',
    url,
    headers: { ...headers, [TASK_HEADER]: task },
  });
  const { cacheMetadata = null, bodyStream = null } = responseParts.get(task) ?? {};
  responseParts.delete(task);
  const headerEntries = Object.entries(responseHeaders).map(([name, value]) => [name, String(value)]);
  const head: ResponseHead = {
    status: statusCode,
    headers: Object.fromEntries(headerEntries),
    body: bodyStream ? null : rawPayload,
    cacheMetadata,
  };
  port.postMessage(head);
  if (bodyStream) await streamBody(bodyStream, port);
  port.close();
}

/** Sends a body no faster than the receiver consumes it. */
async function streamBody(bodyStream: Readable, port: MessagePort): Promise<void> {
  let chunksInFlight = 0;
  const portClosed = new AbortController();
  port.on('message', (acknowledgedChunks: number) => {
    chunksInFlight -= acknowledgedChunks;
  });
  port.once('close', () => {
    portClosed.abort();
    bodyStream.destroy();
  });
  const postChunk = (chunk: BodyChunk) => port.postMessage(chunk);
  try {
    for await (const chunk of bodyStream) {
      const ownedChunk = toOwnBuffer(chunk);
      // Transferred, not copied.
      port.postMessage(ownedChunk, [ownedChunk.buffer]);
      chunksInFlight += 1;
      while (chunksInFlight >= MAX_CHUNKS_IN_FLIGHT)
        await once(port, 'message', { signal: portClosed.signal });
    }
    postChunk('end');
  } catch (error) {
    if (portClosed.signal.aborted) return;
    app.log.error({ err: error }, 'streaming a body failed');
    postChunk('failed');
  }
}

/** Copies a chunk that shares its memory with others, as small ones do: it cannot be transferred. */
const toOwnBuffer = (chunk: Buffer): Uint8Array<ArrayBuffer> =>
  chunk.length === chunk.buffer.byteLength ? (chunk as Uint8Array<ArrayBuffer>) : new Uint8Array(chunk);
