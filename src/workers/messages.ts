/** What the thread that serves and those that scan tell each other. */
import type { MessagePort } from 'node:worker_threads';
import type { Config } from '../config.ts';
import type { CacheMetadata } from '../http/plugins/response-cache.ts';
import type { SlowQueryOptions } from '../store/sqlite/sqlite-database.ts';

/** What a scanning thread is started with. */
export interface RequestWorkerData {
  config: Pick<Config, 'databaseUrl' | 'logLevel'>;
  publicUrl: string;
  storeOptions: SlowQueryOptions;
}

/** A request to be answered in another thread. */
export interface RequestTask {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** When whoever asks stops waiting, in milliseconds since 1970; null for a body that may take its time. */
  deadline: number | null;
  /** One 32-bit integer: anything but 0 once the client has gone. */
  clientClosed: SharedArrayBuffer;
  /** Where the answer goes, and where is asked for more of it. */
  port: MessagePort;
}

/** The first message: all of the answer, or all but a body that is made piece by piece. */
export interface ResponseHead {
  status: number;
  headers: Record<string, string>;
  /** Null where it comes in pieces. */
  body: Uint8Array | null;
  cacheMetadata: CacheMetadata | null;
}

/** The others: a piece of the body in memory of its own, its end, or that it breaks off. Back comes how many pieces were taken. */
export type BodyChunk = Uint8Array<ArrayBuffer> | 'end' | 'failed';
