/** Metrics of all processes, aggregated. */
import { AggregatorRegistry, collectDefaultMetrics, Registry } from 'prom-client';
import type { WorkerFunctions } from './rpc.ts';

export type WorkerMetricsSource = Pick<WorkerFunctions, 'collectOwnMetrics'>;

export interface ClusterMetrics {
  /** Returns the current metrics of `workers`, by id, and of this process, in the format of `/metrics`. */
  collect(workers: ReadonlyMap<number, WorkerMetricsSource>): Promise<string>;
  /** Keeps the counts that an exited worker last reported in the sums. */
  retireWorker(id: number): void;
}

/** Metric as registries exchange it: the types of prom-client are wrong. */
interface Metric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
  aggregator: string;
}

export function createClusterMetrics(): ClusterMetrics {
  const primaryRegistry = new Registry();
  collectDefaultMetrics({ register: primaryRegistry });
  const metricsByWorker = new Map<number, Metric[]>();
  /** Counts of exited workers. A counter that decreased would look like a restart of the server. */
  let retiredMetrics: Promise<Metric[]> = Promise.resolve([]);

  return {
    async collect(workers) {
      const collections = [...workers].map(async ([id, worker]) => {
        try {
          metricsByWorker.set(id, (await worker.collectOwnMetrics()) as Metric[]);
        } catch (error) {
          // An exited worker counts with its last metrics. Without those of a running one, sums are wrong.
          if (workers.has(id)) throw error;
        }
      });
      await Promise.all(collections);
      const primaryMetrics = await collectPrimaryMetrics(primaryRegistry);
      const workerMetrics = [...metricsByWorker.values()];
      return aggregate([primaryMetrics, await retiredMetrics, ...workerMetrics]).metrics();
    },
    retireWorker(id) {
      const cumulativeMetrics = (metricsByWorker.get(id) ?? []).filter(({ type }) => type !== 'gauge');
      metricsByWorker.delete(id);
      retiredMetrics = retiredMetrics.then((retiredSoFar) =>
        toJson(aggregate([retiredSoFar, cumulativeMetrics])),
      );
    },
  };
}

const aggregate = (metrics: Metric[][]): Registry => AggregatorRegistry.aggregate(metrics) as Registry;

const toJson = (registry: Registry): Promise<Metric[]> =>
  registry.getMetricsAsJSON() as unknown as Promise<Metric[]>;

/** Memory and processor time of the primary. Its heap and event loop would distort those of the workers. */
async function collectPrimaryMetrics(registry: Registry): Promise<Metric[]> {
  const metrics = (await toJson(registry)).filter(({ name }) => name.startsWith('process_'));
  // prom-client omits the start time from aggregates. The primary started first, so its time is that of all.
  const isStartTime = ({ name }: Metric) => name === 'process_start_time_seconds';
  return metrics.map((metric) => (isStartTime(metric) ? { ...metric, aggregator: 'min' } : metric));
}
