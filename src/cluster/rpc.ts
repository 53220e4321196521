/** What the primary and its workers ask of each other. */
import type { BirpcReturn, ChannelOptions } from 'birpc';
import type { ClusterClient, RateLimitCount } from '../http/cluster-client.ts';

/** What a worker answers the primary. */
export interface WorkerFunctions {
  /** What it measures, as prom-client's registries tell each other. */
  collectOwnMetrics(): Promise<object[]>;
}

/** What the rate limit counts. */
export interface CountedRequest {
  client: string;
  windowMs: number;
}

/** What the primary answers a worker. */
export interface PrimaryFunctions extends Pick<ClusterClient, 'collectMetrics'> {
  /** The worker takes requests at `address`. */
  reportListening(address: string, port: number): void;
  /** The worker cannot start, and ends. */
  reportStartFailure(reason: string): void;
  countRequests(requests: CountedRequest[]): RateLimitCount[];
}

/** A worker, as the primary asks it. */
export type WorkerRpc = BirpcReturn<WorkerFunctions, PrimaryFunctions>;

interface ProcessChannel {
  send?(message: unknown, handle: undefined, options: undefined, sent: () => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** How long one waits for the answer of another. */
export const RESPONSE_TIMEOUT_MS = 10_000;

/** The way to another process, for birpc. */
export const createChannel = (peer: ProcessChannel): ChannelOptions & { timeout: number } => ({
  // What cannot be sent was for a process that has ended, and of that one hears otherwise.
  post: (message) => void peer.send?.(message, undefined, undefined, () => {}),
  on: (listener) => void peer.on('message', listener),
  timeout: RESPONSE_TIMEOUT_MS,
});
