/** Messages between the main thread and the worker threads that run slow queries. */
import type { MessagePort } from 'node:worker_threads';
import type { Config } from '../config.ts';
import type { CacheMetadata } from '../http/plugins/response-cache.ts';
import type { SlowQueryOptions } from '../store/sqlite/sqlite-database.ts';

/** `workerData` of a thread. */
export interface RequestWorkerData {
  config: Pick<Config, 'databaseUrl' | 'logLevel'>;
  publicUrl: string;
  storeOptions: SlowQueryOptions;
}

/** Request for a worker thread. */
export interface RequestTask {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** Time of the query timeout, in milliseconds since 1970; null for streams, which have none. */
  deadline: number | null;
  /** One 32-bit integer: nonzero once the client has closed the connection. */
  clientClosed: SharedArrayBuffer;
  /** Port for the response, and for the acknowledgment of its chunks. */
  port: MessagePort;
}

/** First message: the complete response, or all of it except a streamed body. */
export interface ResponseHead {
  status: number;
  headers: Record<string, string>;
  /** Null if the body is streamed. */
  body: Uint8Array | null;
  cacheMetadata: CacheMetadata | null;
}

/**
 * Later messages: a chunk of the body in memory of its own, the end of the body, or its failure. The receiver
 * replies with the number of chunks that it has consumed since its last message.
 */
export type BodyChunk = Uint8Array<ArrayBuffer> | 'end' | 'failed';
