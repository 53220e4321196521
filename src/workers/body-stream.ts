/** Bodies that a worker thread sends to the main thread, chunk by chunk, no faster than the client reads them. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';

/** Maximum number of chunks that the receiver has not acknowledged. */
const MAX_CHUNKS_IN_FLIGHT = 4;

/**
 * Message from the sender: `started` once it has the first page, then chunks of the body in memory of their own,
 * then its end. The receiver replies with the number of chunks consumed since its last message.
 */
type BodyMessage = Uint8Array<ArrayBuffer> | 'started' | 'end';

/** Sends a body; stops when the receiver closes the port. Rejects if the body fails. */
export async function sendBody(body: Readable, port: MessagePort): Promise<void> {
  let chunksInFlight = 0;
  const portClosed = new AbortController();
  port.on('message', (acknowledgedChunks: number) => {
    chunksInFlight -= acknowledgedChunks;
  });
  port.once('close', () => {
    portClosed.abort();
    body.destroy();
  });
  const post = (message: BodyMessage) => port.postMessage(message);
  post('started');
  try {
    for await (const chunk of body) {
      const ownedChunk = toOwnBuffer(chunk);
      // Transferred, not copied.
      port.postMessage(ownedChunk, [ownedChunk.buffer]);
      chunksInFlight += 1;
      while (chunksInFlight >= MAX_CHUNKS_IN_FLIGHT)
        await once(port, 'message', { signal: portClosed.signal });
    }
    post('end');
  } catch (error) {
    if (!portClosed.signal.aborted) throw error;
  }
}

/** Copies a chunk that shares its memory with others, as small ones do: it cannot be transferred. */
const toOwnBuffer = (chunk: Buffer): Uint8Array<ArrayBuffer> =>
  chunk.length === chunk.buffer.byteLength ? (chunk as Uint8Array<ArrayBuffer>) : new Uint8Array(chunk);

/**
 * Receives a body. `started` resolves once the sender has the first page. The caller has to destroy the body if the
 * sender fails. `response` is what reads the body; null if a stream between them, such as a compressor, does.
 */
export function createBodyStream(
  port: MessagePort,
  response: ServerResponse | null,
): { body: Readable; started: Promise<void> } {
  const { promise: started, resolve: resolveStarted } = Promise.withResolvers<void>();
  // Chunks that have arrived and that the sender does not know to be consumed.
  let unacknowledgedChunks = 0;
  const acknowledge = () => {
    if (unacknowledgedChunks > 0) port.postMessage(unacknowledgedChunks);
    unacknowledgedChunks = 0;
  };
  let sentChunks: Uint8Array<ArrayBuffer>[] = [];
  // Frees chunks once they are sent: the garbage collector would collect them only after 64 MB. A stream in between
  // may still be reading them.
  const releaseBuffers = () => {
    if (
      response === null ||
      body.readableLength > 0 ||
      response.writableLength > 0 ||
      response.socket?.writableLength !== 0
    )
      return;
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
  port.on('message', (message: BodyMessage) => {
    releaseBuffers();
    if (message === 'started') resolveStarted();
    else if (message === 'end') body.push(null);
    else {
      unacknowledgedChunks += 1;
      if (response !== null) sentChunks.push(message);
      if (body.push(message)) acknowledge();
    }
  });
  return { body, started };
}
