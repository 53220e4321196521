/** A thread that answers whole requests, with a handle of its own that can only read. */
import { once } from 'node:events';
import { flushCompileCache } from 'node:module';
import type { Readable } from 'node:stream';
import { type MessagePort, workerData } from 'node:worker_threads';
import type { FastifyReply } from 'fastify';
import { buildApp } from '../app.ts';
import { openStoreToScan } from '../store/open.ts';
import { giveWay } from './lower-priority.ts';
import type { ScanHead, ScanPiece, ScanRequest, ScanWorkerData } from './messages.ts';

/** Pieces that are on their way at a time. */
const WINDOW = 4;

/** By which the hook knows of which question an answer is; nobody else can send a request to this thread. */
const TASK_HEADER = 'x-scan-task';

const { config, publicUrl, store: options } = workerData as ScanWorkerData;
const store = await openStoreToScan(config.databaseUrl, options);
const app = await buildApp({
  store,
  config: { logLevel: config.logLevel, publicUrl, cacheMaxBytes: 0, rateLimitPerMinute: 0, trustProxy: [] },
});
/** What an answer has beside what is sent: by question. */
const answers = new Map<string, { cacheable: FastifyReply['cacheable']; pieces: Readable | null }>();
app.addHook('onSend', (request, reply, payload, done) => {
  const pieces = payload instanceof Object && 'pipe' in payload ? (payload as Readable) : null;
  answers.set(String(request.headers[TASK_HEADER]), { cacheable: reply.cacheable, pieces });
  if (pieces) done(null, '');
  else done();
});
await app.ready();
// If what is compiled is kept: else that would be written when the thread ends.
flushCompileCache();
giveWay();

let tasks = 0;

export default async function answer({ method, url, headers, ...rest }: ScanRequest): Promise<void> {
  const { deadline, gone, port } = rest;
  tasks += 1;
  const task = String(tasks);
  store.scanWhile(deadline, new Int32Array(gone));
  const {
    statusCode,
    headers: told,
    rawPayload,
  } = await app.inject({
    method: method as 'GET',
    url,
    headers: { ...headers, [TASK_HEADER]: task },
  });
  const { cacheable = null, pieces = null } = answers.get(task) ?? {};
  answers.delete(task);
  const names = Object.entries(told).map(([name, value]) => [name, String(value)]);
  const head: ScanHead = {
    status: statusCode,
    headers: Object.fromEntries(names),
    body: pieces ? null : rawPayload,
    cacheable,
  };
  port.postMessage(head);
  if (pieces) await sendPieces(pieces, port);
  port.close();
}

/** Sends a body as fast as it is taken. */
async function sendPieces(pieces: Readable, port: MessagePort): Promise<void> {
  let underway = 0;
  const closed = new AbortController();
  port.on('message', (taken: number) => {
    underway -= taken;
  });
  port.once('close', () => {
    closed.abort();
    pieces.destroy();
  });
  const send = (piece: ScanPiece) => port.postMessage(piece);
  try {
    for await (const piece of pieces) {
      const alone = inMemoryOfItsOwn(piece);
      // Handed over rather than copied.
      port.postMessage(alone, [alone.buffer]);
      underway += 1;
      while (underway >= WINDOW) await once(port, 'message', { signal: closed.signal });
    }
    send('end');
  } catch (error) {
    if (closed.signal.aborted) return;
    app.log.error({ err: error }, 'a body broke off');
    send('failed');
  }
}

/** A small piece may share its memory with others. */
const inMemoryOfItsOwn = (piece: Buffer): Uint8Array<ArrayBuffer> =>
  piece.length === piece.buffer.byteLength ? (piece as Uint8Array<ArrayBuffer>) : new Uint8Array(piece);
