/** What all processes measure, as one. */
import { AggregatorRegistry, collectDefaultMetrics, Registry } from 'prom-client';
import type { WorkerFunctions } from './rpc.ts';

/** A worker, as far as it is measured. */
export type Measured = Pick<WorkerFunctions, 'measure'>;

export interface ClusterMetrics {
  /** What `workers`, by their ids, and this process measure now, in the form of `/metrics`. */
  gather(workers: ReadonlyMap<number, Measured>): Promise<string>;
  /** The worker has ended: what it had counted when it was last asked stays in the sums. */
  end(id: number): void;
}

/** As registries tell each other: the types of prom-client say otherwise. */
interface Metric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
  aggregator: string;
}

export function clusterMetrics(): ClusterMetrics {
  const own = new Registry();
  collectDefaultMetrics({ register: own });
  /** By worker. */
  const last = new Map<number, Metric[]>();
  /** Of those that have ended. A sum that fell would look as if all had begun anew. */
  let ended: Promise<Metric[]> = Promise.resolve([]);

  return {
    async gather(workers) {
      const measuring = [...workers].map(async ([id, worker]) => {
        try {
          last.set(id, (await worker.measure()) as Metric[]);
        } catch (error) {
          // Of one that has ended meanwhile, the last is all there is. Of one that does not answer, nothing would do.
          if (workers.has(id)) throw error;
        }
      });
      await Promise.all(measuring);
      const process = await ofPrimary(own);
      const living = [...last.values()];
      return sumOf([process, await ended, ...living]).metrics();
    },
    end(id) {
      const counted = (last.get(id) ?? []).filter(({ type }) => type !== 'gauge');
      last.delete(id);
      ended = ended.then((before) => asTold(sumOf([before, counted])));
    },
  };
}

const sumOf = (metrics: Metric[][]): Registry => AggregatorRegistry.aggregate(metrics) as Registry;

const asTold = (registry: Registry): Promise<Metric[]> =>
  registry.getMetricsAsJSON() as unknown as Promise<Metric[]>;

/** Its share of memory and processor time. Its heap and event loop would only blur those that answer requests. */
async function ofPrimary(own: Registry): Promise<Metric[]> {
  const metrics = (await asTold(own)).filter(({ name }) => name.startsWith('process_'));
  // Left out of sums; but of all processes, this one started first.
  const started = ({ name }: Metric) => name === 'process_start_time_seconds';
  return metrics.map((metric) => (started(metric) ? { ...metric, aggregator: 'min' } : metric));
}
