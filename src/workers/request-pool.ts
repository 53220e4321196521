/** Slow queries to SQLite: they run in worker threads, because a query blocks its thread until it ends. */
import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, extname } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Piscina } from 'piscina';
import type { Config } from '../config.ts';
import { Problem, RETRY_AFTER_HEADER, serviceUnavailable } from '../lib/problem-details.ts';
import { runArchiveWorker } from './archive-runner.ts';
import type { BodyChunk, RequestTask, RequestWorkerData, ResponseHead } from './messages.ts';
import type { SlowQueryRunner } from './slow-query.ts';

/** Number of versions from which a scan may block other requests for too long, about 10 ms. */
const DEFAULT_MIN_VERSION_COUNT = 20_000;
/** Time until an idle extra thread ends: starting one takes about a second, an idle one takes 60 MB. */
const IDLE_TIMEOUT_MS = 60_000;
/** Time that a shutdown waits for threads to end. */
const CLOSE_TIMEOUT_MS = 5_000;
/** Maximum number of queries that run or wait. */
const DEFAULT_MAX_PENDING_QUERIES = 32;
/** Maximum number of bodies that the single streaming thread produces at a time. */
const MAX_STREAMS = 16;
/**
 * A limit makes the garbage collector keep the old generation small, instead of letting it grow with that of
 * the process. It is far above what many bodies of very long facts take: a thread that exceeds it ends with
 * all of them.
 */
const STREAM_RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 512 };
/** Page cache for streams: they read the file once from start to end, so a larger one has no effect. */
const STREAM_CACHE_KB = 4_000;

/** Request headers that influence the response. */
const FORWARDED_HEADERS = ['accept', 'authorization', 'if-modified-since', 'if-none-match'] as const;
/** Response headers of the worker thread that the connection to the client sets itself. */
const CONNECTION_HEADERS = /^(connection|keep-alive|date|transfer-encoding|content-length)$/;
/** Headers that a handler may have set before it deferred its query. */
const OVERWRITTEN_HEADERS = ['etag', 'last-modified', 'link', 'cache-control', 'vary', 'content-disposition'];

export interface ThreadPoolOptions {
  config: Pick<Config, 'databaseUrl' | 'logLevel' | 'postgres'>;
  minVersionCount?: number;
  maxPendingQueries?: number;
}

export function createThreadPoolRunner({
  config,
  minVersionCount = DEFAULT_MIN_VERSION_COUNT,
  maxPendingQueries = DEFAULT_MAX_PENDING_QUERIES,
}: ThreadPoolOptions): SlowQueryRunner {
  const { databaseUrl, logLevel, postgres } = config;
  const timeoutMs = postgres.statementTimeoutMs;
  let queryPool: RequestPool | null = null;
  let streamPool: RequestPool | null = null;
  const getQueryPool = (publicUrl: string) => {
    queryPool ??= new RequestPool(
      { config: { databaseUrl, logLevel }, publicUrl, storeOptions: {} },
      { maxThreads: Math.max(1, availableParallelism() - 1), concurrentTasksPerWorker: 1 },
      maxPendingQueries,
    );
    return queryPool;
  };
  const getStreamPool = (publicUrl: string) => {
    streamPool ??= new RequestPool(
      { config: { databaseUrl, logLevel }, publicUrl, storeOptions: { cacheKb: STREAM_CACHE_KB } },
      { maxThreads: 1, concurrentTasksPerWorker: MAX_STREAMS, resourceLimits: STREAM_RESOURCE_LIMITS },
      MAX_STREAMS,
    );
    return streamPool;
  };
  return {
    minVersionCount,
    warmUp(publicUrl) {
      getQueryPool(publicUrl);
      getStreamPool(publicUrl);
    },
    run(request, reply) {
      const publicUrl = request.server.publicUrl();
      return isStreamed(request)
        ? getStreamPool(publicUrl).run(request, reply, null)
        : getQueryPool(publicUrl).run(request, reply, timeoutMs);
    },
    writeArchive: (job, signal) => runArchiveWorker({ databaseUrl, job }, signal),
    async close() {
      await Promise.all([queryPool?.close(), streamPool?.close()]);
    },
  };
}

/** True if the response is streamed. For others, HEAD runs as GET, because their length must be known. */
const isStreamed = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.config.operation?.streamed === true;

type PiscinaOptions = NonNullable<ConstructorParameters<typeof Piscina>[0]>;

/** Threads for one kind of work, with a limit on requests that run or wait. */
class RequestPool {
  readonly #piscina: Piscina;
  readonly #capacity: number;
  #inUse = 0;

  constructor(
    workerData: RequestWorkerData,
    poolSize: Pick<PiscinaOptions, 'maxThreads' | 'concurrentTasksPerWorker' | 'resourceLimits'>,
    capacity: number,
  ) {
    // Threads share the compile cache of the process: compiling is half of the time that they take to start.
    const compileCacheFolder = getCompileCacheDir();
    this.#piscina = new Piscina({
      ...poolSize,
      filename: new URL(`./request-worker${extname(import.meta.url)}`, import.meta.url).href,
      // The first slow query should not wait for a thread to start.
      minThreads: 1,
      idleTimeout: IDLE_TIMEOUT_MS,
      workerData,
      ...(compileCacheFolder && { env: { ...process.env, NODE_COMPILE_CACHE: dirname(compileCacheFolder) } }),
    });
    // A waiting caller gets the error of a thread; without a caller, it must not end the server.
    this.#piscina.on('error', () => {});
    this.#capacity = capacity;
  }

  async run(request: FastifyRequest, reply: FastifyReply, timeoutMs: number | null): Promise<FastifyReply> {
    const release = this.#reserve();
    const clientClosed = new SharedArrayBuffer(4);
    const { socket } = request.raw;
    const onClose = () => void Atomics.store(new Int32Array(clientClosed), 0, 1);
    socket.once('close', onClose);
    const deadline = timeoutMs === null ? null : Date.now() + timeoutMs;
    const { port1, port2 } = new MessageChannel();
    const task: RequestTask = { ...createForwardedRequest(request), deadline, clientClosed, port: port2 };
    const completion = this.#piscina.run(task, { transferList: [port2] }).finally(() => {
      release();
      socket.off('close', onClose);
    });
    try {
      const head = await receiveHead(port1, completion, timeoutMs);
      // The response is complete: the slot is free, although the task has yet to end.
      if (head.body !== null) release();
      return sendResponse(reply, head, port1);
    } catch (error) {
      Atomics.store(new Int32Array(clientClosed), 0, 1);
      port1.close();
      throw error;
    }
  }

  /** Ends the threads. One that is too busy to end in time ends with the process. */
  async close(): Promise<void> {
    await Promise.race([this.#piscina.destroy(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  }

  /** Reserves a slot, and returns the function that releases it. */
  #reserve(): () => void {
    if (this.#inUse >= this.#capacity) {
      const detail = `The queue for slow queries is full: ${this.#capacity} are running or waiting`;
      throw new Problem('too-busy', detail, [], RETRY_AFTER_HEADER);
    }
    this.#inUse += 1;
    let released = false;
    return () => {
      if (!released) this.#inUse -= 1;
      released = true;
    };
  }
}

function createForwardedRequest(request: FastifyRequest): Pick<RequestTask, 'method' | 'url' | 'headers'> {
  const { method, url, id, headers } = request;
  const forwardedHeaders = FORWARDED_HEADERS.flatMap((name) =>
    headers[name] === undefined ? [] : [[name, headers[name]]],
  );
  return {
    method: isStreamed(request) ? method : 'GET',
    url,
    headers: { ...Object.fromEntries(forwardedHeaders), 'x-request-id': id },
  };
}

/** Returns the first message; throws if the task fails or times out. */
function receiveHead(
  port: MessagePort,
  completion: Promise<unknown>,
  timeoutMs: number | null,
): Promise<ResponseHead> {
  const { promise, resolve, reject } = Promise.withResolvers<ResponseHead>();
  const onTimeout = () => reject(serviceUnavailable('The query timed out'));
  const timer = timeoutMs === null ? undefined : setTimeout(onTimeout, timeoutMs);
  port.once('message', resolve);
  completion.catch(reject);
  return promise.finally(() => clearTimeout(timer));
}

function sendResponse(
  reply: FastifyReply,
  { status, headers, body, cacheMetadata }: ResponseHead,
  port: MessagePort,
): FastifyReply {
  for (const name of OVERWRITTEN_HEADERS) reply.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) {
    if (!CONNECTION_HEADERS.test(name)) reply.header(name, value);
  }
  reply.code(status);
  reply.cacheable = cacheMetadata;
  if (status === 304) return reply.send();
  if (body === null) return reply.send(createBodyStream(reply, port));
  return reply.serializer((payload: unknown) => payload as string).send(Buffer.from(body));
}

function createBodyStream({ raw, request }: FastifyReply, port: MessagePort): Readable {
  const { socket } = request.raw;
  // Chunks that have arrived and that the thread has not been told are consumed.
  let unacknowledgedChunks = 0;
  const acknowledge = () => {
    if (unacknowledgedChunks > 0) port.postMessage(unacknowledgedChunks);
    unacknowledgedChunks = 0;
  };
  let sentChunks: Uint8Array<ArrayBuffer>[] = [];
  // Frees chunks once they are sent: the garbage collector would collect them only after 64 MB. This requires
  // that no other stream buffers them between this body and the connection.
  const releaseBuffers = () => {
    if (body.readableLength > 0 || raw.writableLength > 0 || socket.writableLength !== 0) return;
    for (const { buffer } of sentChunks) buffer.transfer(0);
    sentChunks = [];
  };
  const body = new Readable({
    read() {
      releaseBuffers();
      acknowledge();
    },
    destroy(error, done) {
      port.close();
      done(error);
    },
  });
  port.on('message', (chunk: BodyChunk) => {
    releaseBuffers();
    if (chunk === 'end') body.push(null);
    else if (chunk === 'failed') body.destroy(new Error('the worker thread failed to produce the body'));
    else {
      unacknowledgedChunks += 1;
      sentChunks.push(chunk);
      if (body.push(chunk)) acknowledge();
    }
  });
  // The thread may exit without a final message.
  port.once('close', () => {
    if (!body.readableEnded && !body.destroyed)
      body.destroy(new Error('the worker thread exited before the end of the body'));
  });
  // In HTTP/1.0, closing the connection ends a response: only a reset shows that this one is incomplete.
  body.once('error', () => socket.resetAndDestroy());
  return body;
}
