/** What the primary and its workers ask of each other. */
import type { BirpcReturn, ChannelOptions } from 'birpc';
import type { Count, Peers } from '../http/cluster-client.ts';

/** What a worker answers the primary. */
export interface WorkerFunctions {
  /** What it measures, as prom-client's registries tell each other. */
  measure(): Promise<object[]>;
}

/** What the rate limit counts. */
export interface CountedRequest {
  client: string;
  windowMs: number;
}

/** What the primary answers a worker. */
export interface PrimaryFunctions extends Pick<Peers, 'metrics'> {
  /** The worker takes requests at `address`. */
  listens(address: string, port: number): void;
  /** The worker cannot start, and ends. */
  fails(reason: string): void;
  count(requests: CountedRequest[]): Count[];
}

/** A worker, as the primary asks it. */
export type WorkerSide = BirpcReturn<WorkerFunctions, PrimaryFunctions>;

interface Process {
  send?(message: unknown, handle: undefined, options: undefined, sent: () => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** How long one waits for the answer of another. */
export const ANSWER_TIMEOUT_MS = 10_000;

/** The way to another process, for birpc. */
export const channelTo = (other: Process): ChannelOptions & { timeout: number } => ({
  // What cannot be sent was for a process that has ended, and of that one hears otherwise.
  post: (message) => void other.send?.(message, undefined, undefined, () => {}),
  on: (listener) => void other.on('message', listener),
  timeout: ANSWER_TIMEOUT_MS,
});
