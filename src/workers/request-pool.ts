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
import { notReady, Problem, RETRY } from '../lib/problem-details.ts';
import { writeInThread } from './archive-runner.ts';
import type { ScanHead, ScanPiece, ScanRequest, ScanWorkerData } from './messages.ts';
import type { Scans } from './slow-query.ts';

/** Past this many versions a scan may take longer than others should wait for it: some 10 ms. */
const FROM_VERSIONS = 20_000;
/** How long further threads stay that have nothing to do: starting one takes about a second, and keeping one 60 MB. */
const IDLE_TIMEOUT_MS = 60_000;
/** How long a stop waits for threads to end. */
const END_TIMEOUT_MS = 5_000;
/** Questions that are being answered or wait for it. */
const MAX_SCANS = 32;
/** Bodies that are sent at a time by the one thread that makes them. */
const MAX_STREAMS = 16;
/**
 * With a limit to what is old the collector keeps to it, instead of letting it grow with the process's; it is far from what
 * many bodies of very long facts take, as a thread that comes to it ends with all of them.
 */
const STREAM_LIMITS = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 512 };
/** Streams read the file from one end to the other: keeping more of it helps nobody. */
const STREAM_CACHE_KB = 4_000;

/** Headers of the request that have a say in the answer. */
const PASSED_ON = ['accept', 'authorization', 'if-modified-since', 'if-none-match'] as const;
/** Headers that are of a connection, or were set by what was thought to be the answer. */
const OF_THE_CONNECTION = /^(connection|keep-alive|date|transfer-encoding|content-length)$/;
const SET_BEFORE = ['etag', 'last-modified', 'link', 'cache-control', 'vary', 'content-disposition'];

export interface ThreadOptions {
  config: Pick<Config, 'databaseUrl' | 'logLevel' | 'postgres'>;
  fromVersions?: number;
  maxScans?: number;
}

export function scansInThreads({
  config,
  fromVersions = FROM_VERSIONS,
  maxScans = MAX_SCANS,
}: ThreadOptions): Scans {
  const { databaseUrl, logLevel, postgres } = config;
  const timeoutMs = postgres.statementTimeoutMs;
  let short: Pool | null = null;
  let long: Pool | null = null;
  const shortAt = (publicUrl: string) => {
    short ??= new Pool(
      { config: { databaseUrl, logLevel }, publicUrl, store: {} },
      { maxThreads: Math.max(1, availableParallelism() - 1), concurrentTasksPerWorker: 1 },
      maxScans,
    );
    return short;
  };
  const longAt = (publicUrl: string) => {
    long ??= new Pool(
      { config: { databaseUrl, logLevel }, publicUrl, store: { cacheKb: STREAM_CACHE_KB } },
      { maxThreads: 1, concurrentTasksPerWorker: MAX_STREAMS, resourceLimits: STREAM_LIMITS },
      MAX_STREAMS,
    );
    return long;
  };
  return {
    fromVersions,
    begin(publicUrl) {
      shortAt(publicUrl);
      longAt(publicUrl);
    },
    answer(request, reply) {
      const publicUrl = request.server.publicUrl();
      return streams(request)
        ? longAt(publicUrl).answer(request, reply, null)
        : shortAt(publicUrl).answer(request, reply, timeoutMs);
    },
    writeWhole: (job, stop) => writeInThread({ databaseUrl, job }, stop),
    async close() {
      await Promise.all([short?.close(), long?.close()]);
    },
  };
}

/** Whether the answer is sent piece by piece; of any other a HEAD is made as a GET is, as its length must be known. */
const streams = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.config.operation?.streamed === true;

type PoolOptions = NonNullable<ConstructorParameters<typeof Piscina>[0]>;

/** Threads that do the same work, and how much of it there may be. */
class Pool {
  readonly #threads: Piscina;
  readonly #most: number;
  #taken = 0;

  constructor(
    workerData: ScanWorkerData,
    size: Pick<PoolOptions, 'maxThreads' | 'concurrentTasksPerWorker' | 'resourceLimits'>,
    most: number,
  ) {
    // What the process keeps of what it compiles the threads keep too: it is half of what their start takes.
    const folder = getCompileCacheDir();
    this.#threads = new Piscina({
      ...size,
      filename: new URL(`./request-worker${extname(import.meta.url)}`, import.meta.url).href,
      // Where there are long questions at all, the first of them should not wait for a thread to start.
      minThreads: 1,
      idleTimeout: IDLE_TIMEOUT_MS,
      workerData,
      ...(folder && { env: { ...process.env, NODE_COMPILE_CACHE: dirname(folder) } }),
    });
    // Whoever waits for a thread hears that it failed; one that nobody waits for must not end the server.
    this.#threads.on('error', () => {});
    this.#most = most;
  }

  async answer(
    request: FastifyRequest,
    reply: FastifyReply,
    timeoutMs: number | null,
  ): Promise<FastifyReply> {
    const leave = this.#enter();
    const gone = new SharedArrayBuffer(4);
    const { socket } = request.raw;
    const onGone = () => void Atomics.store(new Int32Array(gone), 0, 1);
    socket.once('close', onGone);
    const deadline = timeoutMs === null ? null : Date.now() + timeoutMs;
    const { port1, port2 } = new MessageChannel();
    const task: ScanRequest = { ...passedOn(request), deadline, gone, port: port2 };
    const done = this.#threads.run(task, { transferList: [port2] }).finally(() => {
      leave();
      socket.off('close', onGone);
    });
    try {
      const head = await headFrom(port1, done, timeoutMs);
      // The thread has only to hear that this was all.
      if (head.body !== null) leave();
      return send(reply, head, port1);
    } catch (error) {
      Atomics.store(new Int32Array(gone), 0, 1);
      port1.close();
      throw error;
    }
  }

  /** Ends the threads; one that does not hear of it goes with the process. */
  async close(): Promise<void> {
    await Promise.race([this.#threads.destroy(), sleep(END_TIMEOUT_MS, undefined, { ref: false })]);
  }

  /** Takes a place, and gives how to leave it. */
  #enter(): () => void {
    if (this.#taken >= this.#most) {
      const detail = `${this.#most} questions of this kind are being answered or wait for it, and no more may.`;
      throw new Problem('too-busy', detail, [], RETRY);
    }
    this.#taken += 1;
    let left = false;
    return () => {
      if (!left) this.#taken -= 1;
      left = true;
    };
  }
}

function passedOn(request: FastifyRequest): Pick<ScanRequest, 'method' | 'url' | 'headers'> {
  const { method, url, id, headers } = request;
  const given = PASSED_ON.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]));
  return {
    method: streams(request) ? method : 'GET',
    url,
    headers: { ...Object.fromEntries(given), 'x-request-id': id },
  };
}

/** The first message, or why there is none. */
function headFrom(port: MessagePort, done: Promise<unknown>, timeoutMs: number | null): Promise<ScanHead> {
  const { promise, resolve, reject } = Promise.withResolvers<ScanHead>();
  const late = () => reject(notReady('The question took the store too long.'));
  const timer = timeoutMs === null ? undefined : setTimeout(late, timeoutMs);
  port.once('message', resolve);
  done.catch(reject);
  return promise.finally(() => clearTimeout(timer));
}

function send(
  reply: FastifyReply,
  { status, headers, body, cacheable }: ScanHead,
  port: MessagePort,
): FastifyReply {
  for (const name of SET_BEFORE) reply.removeHeader(name);
  for (const [name, value] of Object.entries(headers)) {
    if (!OF_THE_CONNECTION.test(name)) reply.header(name, value);
  }
  reply.code(status);
  reply.cacheable = cacheable;
  if (status === 304) return reply.send();
  if (body === null) return reply.send(piecesFrom(reply, port));
  return reply.serializer((sent: unknown) => sent as string).send(Buffer.from(body));
}

function piecesFrom({ raw, request }: FastifyReply, port: MessagePort): Readable {
  const { socket } = request.raw;
  // Pieces that have come, and that the thread has not been told are taken.
  let owed = 0;
  const thank = () => {
    if (owed > 0) port.postMessage(owed);
    owed = 0;
  };
  let sent: Uint8Array<ArrayBuffer>[] = [];
  // Once they are on their way they are freed: the garbage collector looks for them only when they have come to 64 MB. It
  // needs that nothing stands between this body and the connection.
  const free = () => {
    if (body.readableLength > 0 || raw.writableLength > 0 || socket.writableLength !== 0) return;
    for (const { buffer } of sent) buffer.transfer(0);
    sent = [];
  };
  const body = new Readable({
    read() {
      free();
      thank();
    },
    destroy(error, done) {
      port.close();
      done(error);
    },
  });
  port.on('message', (piece: ScanPiece) => {
    free();
    if (piece === 'end') body.push(null);
    else if (piece === 'failed') body.destroy(new Error('the thread that makes the body failed'));
    else {
      owed += 1;
      sent.push(piece);
      if (body.push(piece)) thank();
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
