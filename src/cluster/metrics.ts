/** What all processes measure, as one. */
import { AggregatorRegistry, collectDefaultMetrics, Registry } from 'prom-client';
import type { WorkerFunctions } from './rpc.ts';

/** A worker, as far as it is measured. */
export type WorkerMetricsSource = Pick<WorkerFunctions, 'collectOwnMetrics'>;

export interface ClusterMetrics {
  /** What `workers`, by their ids, and this process measure now, in the form of `/metrics`. */
  collect(workers: ReadonlyMap<number, WorkerMetricsSource>): Promise<string>;
  /** The worker has ended: what it had counted when it was last asked stays in the sums. */
  retireWorker(id: number): void;
}

/** As registries tell each other: the types of prom-client say otherwise. */
interface Metric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
  aggregator: string;
}

export function createClusterMetrics(): ClusterMetrics {
  const primaryRegistry = new Registry();
  collectDefaultMetrics({ register: primaryRegistry });
  /** By worker. */
  const metricsByWorker = new Map<number, Metric[]>();
  /** Of those that have ended. A sum that fell would look as if all had begun anew. */
  let retiredMetrics: Promise<Metric[]> = Promise.resolve([]);

  return {
    async collect(workers) {
      const collections = [...workers].map(async ([id, worker]) => {
        try {
          metricsByWorker.set(id, (await worker.collectOwnMetrics()) as Metric[]);
        } catch (error) {
          // Of one that has ended meanwhile, the last is all there is. Of one that does not answer, nothing would do.
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

/** Its share of memory and processor time. Its heap and event loop would only blur those that answer requests. */
async function collectPrimaryMetrics(registry: Registry): Promise<Metric[]> {
  const metrics = (await toJson(registry)).filter(({ name }) => name.startsWith('process_'));
  // Left out of sums; but of all processes, this one started first.
  const isStartTime = ({ name }: Metric) => name === 'process_start_time_seconds';
  return metrics.map((metric) => (isStartTime(metric) ? { ...metric, aggregator: 'min' } : metric));
}
