/** Metrics for Prometheus, at `/metrics`. */
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { serviceUnavailable } from '../../lib/problem-details.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { hiddenRoute } from '../route-definition.ts';
import type { ServerStatus } from '../server-status.ts';
import type { ResponseCache } from './response-cache.ts';

interface MetricsSources {
  cache: ResponseCache;
  status: ServerStatus;
  cluster?: ClusterClient;
}

/** Registers `/metrics`, for this process or for all processes of the cluster together. */
export function metrics(app: FastifyInstance, { cache, status, cluster }: MetricsSources): void {
  const registry = cluster?.registry ?? new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the start of the request to the end of the response, by route pattern',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
  registerCacheMetrics(registry, cache);
  registerStatusMetrics(registry, status);
  const routeOptions = { ...hiddenRoute, config: { rateLimit: false as const } };
  app.get('/metrics', routeOptions, async (_request, reply) => {
    reply.header('cache-control', 'no-store').type(registry.contentType);
    return cluster ? collectClusterMetrics(app, cluster) : registry.metrics();
  });
}

/** Fails if one process does not respond: without its share, counters would decrease. */
function collectClusterMetrics(app: FastifyInstance, cluster: ClusterClient): Promise<string> {
  return cluster.collectMetrics().catch((error: unknown) => {
    app.log.error({ err: error }, 'cannot collect metrics from all processes');
    throw serviceUnavailable('Not all processes of the server respond');
  });
}

/** Registers the hit and miss counts and the size of the response cache. */
function registerCacheMetrics(registry: Registry, { stats }: ResponseCache): void {
  const registers = [registry];
  new Counter({
    name: 'answer_cache_requests_total',
    help: 'Cacheable responses, by whether they were cached (hit) or not (miss)',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset();
      this.inc({ result: 'hit' }, stats.hits);
      this.inc({ result: 'miss' }, stats.misses);
    },
  });
  new Gauge({
    name: 'answer_cache_hit_ratio',
    help: 'Share of hits since the start; 0 before the first request',
    aggregator: 'average',
    registers,
    collect() {
      this.set(stats.hits / Math.max(1, stats.hits + stats.misses));
    },
  });
  new Gauge({
    name: 'answer_cache_bytes',
    help: 'Memory of the cached responses; the limit is half of CACHE_MAX_BYTES',
    registers,
    collect() {
      this.set(stats.bytes());
    },
  });
}

/** Registers what has been the same for all processes since the start. */
function registerStatusMetrics(registry: Registry, { isReadOnly, rejectedFolders }: ServerStatus): void {
  new Gauge({
    name: 'seed_rejected_dossiers',
    help: 'Folders in db/dossiers that could not be imported at the start; /readyz and the log name them',
    aggregator: 'max',
    registers: [registry],
  }).set(rejectedFolders.length);
  new Gauge({
    name: 'store_read_only',
    help: '1 if the server does not write to its database (READ_ONLY=1), otherwise 0',
    aggregator: 'max',
    registers: [registry],
  }).set(isReadOnly ? 1 : 0);
}
