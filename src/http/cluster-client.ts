/** What a process asks of those that serve the same port, itself among them. */
import type { Registry } from 'prom-client';

export interface ClusterClient {
  /** What this process measures itself by. */
  registry: Registry;
  /** What all of them measure together, in the form of `/metrics`. */
  collectMetrics(): Promise<string>;
  /** Counts a request of `client`, whichever process it has come to. */
  countRequest(client: string, windowMs: number): Promise<RateLimitCount>;
}

/** The requests of one client since its window began, and how many milliseconds that still has. */
export interface RateLimitCount {
  current: number;
  ttl: number;
}
