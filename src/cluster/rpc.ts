/** Remote procedure calls between the primary and its workers. */
import type { BirpcReturn, ChannelOptions } from 'birpc';
import type { ClusterClient, RateLimitCount } from '../http/cluster-client.ts';
import type { RejectedFolder } from '../http/server-status.ts';

/** Functions of a worker that the primary calls. */
export interface WorkerFunctions {
  /** Returns the metrics of the worker, in the form that prom-client's registries exchange. */
  collectOwnMetrics(): Promise<object[]>;
}

export interface CountedRequest {
  client: string;
  windowMs: number;
}

/** Functions of the primary that a worker calls. */
export interface PrimaryFunctions extends Pick<ClusterClient, 'collectMetrics'> {
  /** Returns the dossier folders that the primary could not import before it started the workers. */
  getRejectedFolders(): RejectedFolder[];
  /** Reports that the worker accepts requests at `address`. */
  reportListening(address: string, port: number): void;
  /** Reports that the worker cannot start and exits. */
  reportStartFailure(reason: string): void;
  countRequests(requests: CountedRequest[]): RateLimitCount[];
}

/** Client with which the primary calls a worker. */
export type WorkerRpc = BirpcReturn<WorkerFunctions, PrimaryFunctions>;

interface ProcessChannel {
  send?(message: unknown, handle: undefined, options: undefined, sent: () => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** Timeout of a call. */
const RESPONSE_TIMEOUT_MS = 10_000;

/** Creates the channel to another process, for birpc. */
export const createChannel = (peer: ProcessChannel): ChannelOptions & { timeout: number } => ({
  // Sending fails only if the other process has exited, and its `exit` or `disconnect` event reports that.
  post: (message) => void peer.send?.(message, undefined, undefined, () => {}),
  on: (listener) => void peer.on('message', listener),
  timeout: RESPONSE_TIMEOUT_MS,
});
