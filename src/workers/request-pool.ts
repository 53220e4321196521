/** Scans of an SQLite store: in threads, since a question to it is not to be interrupted. */
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

/** Past this many versions a scan may take longer than others should wait for it: some 10 ms. */
const DEFAULT_MIN_VERSION_COUNT = 20_000;
/** How long further threads stay that have nothing to do: starting one takes about a second, and keeping one 60 MB. */
const IDLE_TIMEOUT_MS = 60_000;
/** How long a stop waits for threads to end. */
const CLOSE_TIMEOUT_MS = 5_000;
/** Questions that are being answered or wait for it. */
const DEFAULT_MAX_PENDING_QUERIES = 32;
/** Bodies that are sent at a time by the one thread that makes them. */
const MAX_STREAMS = 16;
/**
 * With a limit to what is old the collector keeps to it, instead of letting it grow with the process's; it is far from what
 * many bodies of very long facts take, as a thread that comes to it ends with all of them.
 */
const STREAM_RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 512 };
/** Streams read the file from one end to the other: keeping more of it helps nobody. */
const STREAM_CACHE_KB = 4_000;

/** Headers of the request that have a say in the answer. */
const FORWARDED_HEADERS = ['accept', 'authorization', 'if-modified-since', 'if-none-match'] as const;
/** Headers that are of a connection, or were set by what was thought to be the answer. */
const CONNECTION_HEADERS = /^(connection|keep-alive|date|transfer-encoding|content-length)$/;
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

/** Whether the answer is sent piece by piece; of any other a HEAD is made as a GET is, as its length must be known. */
const isStreamed = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.config.operation?.streamed === true;

type PiscinaOptions = NonNullable<ConstructorParameters<typeof Piscina>[0]>;

/** Threads that do the same work, and how much of it there may be. */
class RequestPool {
  readonly #piscina: Piscina;
  readonly #capacity: number;
  #inUse = 0;

  constructor(
    workerData: RequestWorkerData,
    poolSize: Pick<PiscinaOptions, 'maxThreads' | 'concurrentTasksPerWorker' | 'resourceLimits'>,
    capacity: number,
  ) {
    // What the process keeps of what it compiles the threads keep too: it is half of what their start takes.
    const compileCacheFolder = getCompileCacheDir();
    this.#piscina = new Piscina({
      ...poolSize,
      filename: new URL(`./request-worker${extname(import.meta.url)}`, import.meta.url).href,
      // Where there are long questions at all, the first of them should not wait for a thread to start.
      minThreads: 1,
      idleTimeout: IDLE_TIMEOUT_MS,
      workerData,
      ...(compileCacheFolder && { env: { ...process.env, NODE_COMPILE_CACHE: dirname(compileCacheFolder) } }),
    });
    // Whoever waits for a thread hears that it failed; one that nobody waits for must not end the server.
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
      // The thread has only to hear that this was all.
      if (head.body !== null) release();
      return sendResponse(reply, head, port1);
    } catch (error) {
      Atomics.store(new Int32Array(clientClosed), 0, 1);
      port1.close();
      throw error;
    }
  }

  /** Ends the threads; one that does not hear of it goes with the process. */
  async close(): Promise<void> {
    await Promise.race([this.#piscina.destroy(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  }

  /** Takes a place, and gives how to leave it. */
  #reserve(): () => void {
    if (this.#inUse >= this.#capacity) {
      const detail = `${this.#capacity} questions of this kind are being answered or wait for it, and no more may.`;
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

/** The first message, or why there is none. */
function receiveHead(
  port: MessagePort,
  completion: Promise<unknown>,
  timeoutMs: number | null,
): Promise<ResponseHead> {
  const { promise, resolve, reject } = Promise.withResolvers<ResponseHead>();
  const onTimeout = () => reject(serviceUnavailable('The question took the store too long.'));
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
  // Pieces that have come, and that the thread has not been told are taken.
  let unacknowledgedChunks = 0;
  const acknowledge = () => {
    if (unacknowledgedChunks > 0) port.postMessage(unacknowledgedChunks);
    unacknowledgedChunks = 0;
  };
  let sentChunks: Uint8Array<ArrayBuffer>[] = [];
  // Once they are on their way they are freed: the garbage collector looks for them only when they have come to 64 MB. It
  // needs that nothing stands between this body and the connection.
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
    else if (chunk === 'failed') body.destroy(new Error('the thread that makes the body failed'));
    else {
      unacknowledgedChunks += 1;
      sentChunks.push(chunk);
      if (body.push(chunk)) acknowledge();
    }
  });
  // The thread may end without a word.
  port.once('close', () => {
    if (!body.readableEnded && !body.destroyed)
      body.destroy(new Error('the thread that makes the body ended'));
  });
  // HTTP/1.0 knows no end of an answer but the end of the connection: only a reset tells that this was none.
  body.once('error', () => socket.resetAndDestroy());
  return body;
}
