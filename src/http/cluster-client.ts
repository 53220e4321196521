/** Connection of a worker process to the cluster. */
import type { Registry } from 'prom-client';

export interface ClusterClient {
  /** Metrics of this process. */
  registry: Registry;
  /** Returns the metrics of all processes together, in the format of `/metrics`. */
  collectMetrics(): Promise<string>;
  /** Counts a request of `client` across all processes. */
  countRequest(client: string, windowMs: number): Promise<RateLimitCount>;
}

/** Requests of one client in its current window, and the milliseconds left in that window. */
export interface RateLimitCount {
  current: number;
  ttl: number;
}
