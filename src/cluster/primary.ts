/** Primary of several processes behind one port: starts workers, replaces those that exit, and closes all. */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createBirpc } from 'birpc';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import type { Config } from '../config.ts';
import type { RejectedFolder } from '../http/server-status.ts';
import type { Server } from '../server.ts';
import { createBackoff } from './backoff.ts';
import { type ClusterMetrics, createClusterMetrics } from './metrics.ts';
import { createRateLimitCounter } from './rate-limit-counter.ts';
import { createChannel, type PrimaryFunctions, type WorkerFunctions, type WorkerRpc } from './rpc.ts';

interface ClusterState {
  config: Config;
  rejectedFolders: RejectedFolder[];
  log: FastifyBaseLogger;
  phase: 'starting' | 'serving' | 'closing';
  /** Settles when all workers listen, or one fails to. */
  startup: PromiseWithResolvers<string>;
  /** All running workers, by id; `listeningWorkers` are those that listen. */
  workers: Map<number, Worker>;
  listeningWorkers: Map<number, WorkerRpc>;
  /** `next`: port that the next worker requests; `assigned`: port that the first worker got. */
  port: { next: number; assigned: number | null };
  countRequest: ReturnType<typeof createRateLimitCounter>;
  metrics: ClusterMetrics;
}

/**
 * Starts `config.workers` processes that listen on one port. The store must exist and be migrated. Rejects if
 * a worker cannot start; the caller must then end this process, and all workers end with it.
 */
export async function startCluster(config: Config, rejectedFolders: RejectedFolder[]): Promise<Server> {
  const exec = fileURLToPath(new URL('worker.ts', import.meta.url));
  // Metrics contain numbers that JSON cannot represent, such as NaN.
  cluster.setupPrimary({ exec, args: [], serialization: 'advanced' });
  const state: ClusterState = {
    config,
    rejectedFolders,
    // The logger is configured like that of the workers.
    log: Fastify({ logger: { level: config.logLevel } }).log,
    phase: 'starting',
    startup: Promise.withResolvers(),
    workers: new Map(),
    listeningWorkers: new Map(),
    port: { next: config.port, assigned: null },
    countRequest: createRateLimitCounter(),
    metrics: createClusterMetrics(),
  };
  // Workers exit by themselves when the channel closes, but a busy one may take long to notice.
  process.once('exit', () => {
    for (const worker of state.workers.values()) worker.process.kill('SIGKILL');
  });
  for (let n = 0; n < config.workers; n += 1) startWorker(state, createBackoff());
  const address = await state.startup.promise;
  return { address, log: state.log, close: () => closeWorkers(state) };
}

/** Starts a worker. `getRestartDelay` returns the delay before it is replaced once it has exited. */
function startWorker(state: ClusterState, getRestartDelay: ReturnType<typeof createBackoff>): void {
  const { config, log, workers, listeningWorkers, port } = state;
  const startedAt = performance.now();
  const worker = cluster.fork({ HOST: config.host, PORT: String(port.next) });
  workers.set(worker.id, worker);
  const rpc: WorkerRpc = createBirpc<WorkerFunctions, PrimaryFunctions>(
    {
      countRequests: (requests) =>
        requests.map(({ client, windowMs }) => state.countRequest(client, windowMs)),
      getRejectedFolders: () => state.rejectedFolders,
      collectMetrics: () => state.metrics.collect(listeningWorkers),
      reportStartFailure: (reason) => onWorkerFailed(state, worker, reason),
      reportListening: (address, assignedPort) =>
        onWorkerListening(state, { worker, rpc, address, port: assignedPort }),
    },
    createChannel(worker),
  );
  worker.once('exit', (code, signal) => {
    workers.delete(worker.id);
    listeningWorkers.delete(worker.id);
    rpc.$close();
    state.metrics.retireWorker(worker.id);
    // No worker holds the port any more, so the next one must request the same port again.
    if (listeningWorkers.size === 0 && port.assigned !== null) port.next = port.assigned;
    if (state.phase === 'closing') return;
    const reason = `a worker exited with ${signal ?? code}`;
    if (state.phase === 'starting')
      return state.startup.reject(new Error(`${reason} before all workers were listening`));
    const delay = getRestartDelay(performance.now() - startedAt);
    log.error({ worker: worker.process.pid }, `${reason}; starting another in ${delay} ms`);
    setTimeout(() => state.phase === 'serving' && startWorker(state, getRestartDelay), delay);
  });
}

function onWorkerFailed({ phase, startup, log }: ClusterState, worker: Worker, reason: string): void {
  if (phase === 'starting') startup.reject(new Error(reason));
  else log.error({ worker: worker.process.pid }, reason);
}

interface ListeningWorker {
  worker: Worker;
  rpc: WorkerRpc;
  address: string;
  port: number;
}

function onWorkerListening(state: ClusterState, { worker, rpc, address, port }: ListeningWorker): void {
  state.port.assigned ??= port;
  // The worker requested any free port, and those that shared one had just exited.
  if (port !== state.port.assigned) return void worker.process.kill();
  state.listeningWorkers.set(worker.id, rpc);
  state.log.info({ worker: worker.process.pid }, 'a worker is listening');
  if (state.phase !== 'starting' || state.listeningWorkers.size < state.config.workers) return;
  state.phase = 'serving';
  state.startup.resolve(address);
}

/** Closes all workers by the signal that closes a single-process server, and waits for them. */
async function closeWorkers(state: ClusterState): Promise<void> {
  state.phase = 'closing';
  const exits = [...state.workers.values()].map(async (worker) => {
    const exited = once(worker, 'exit');
    const wasListening = state.listeningWorkers.has(worker.id);
    worker.process.kill('SIGTERM');
    const [code, signal] = await exited;
    // A worker that is still starting has no handler, so the signal itself ends it.
    if (wasListening && code !== 0)
      throw new Error(`worker ${worker.process.pid} exited with ${signal ?? code}`);
  });
  await Promise.all(exits);
}
