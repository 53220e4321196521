/** Several processes behind one port: starts them, replaces those that end, and ends them all. */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createBirpc } from 'birpc';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import type { Config } from '../config.ts';
import type { Server } from '../server.ts';
import { createBackoff } from './backoff.ts';
import { type ClusterMetrics, createClusterMetrics } from './metrics.ts';
import { createRateLimitCounter } from './rate-limit-counter.ts';
import { createChannel, type PrimaryFunctions, type WorkerFunctions, type WorkerRpc } from './rpc.ts';

interface ClusterState {
  config: Config;
  log: FastifyBaseLogger;
  phase: 'starting' | 'serving' | 'closing';
  /** Settles when all listen, or one cannot. */
  startup: PromiseWithResolvers<string>;
  /** All that live, and those of them that listen. */
  workers: Map<number, Worker>;
  listeningWorkers: Map<number, WorkerRpc>;
  /** What the next worker asks for, and what the first was given. */
  port: { next: number; assigned: number | null };
  countRequest: ReturnType<typeof createRateLimitCounter>;
  metrics: ClusterMetrics;
}

/**
 * Has `config.workers` processes listen on one port; the store must be there and up to date. If one cannot start, this
 * process is to end, and all of them end with it.
 */
export async function startCluster(config: Config): Promise<Server> {
  const exec = fileURLToPath(new URL('worker.ts', import.meta.url));
  // What is measured has numbers that JSON has not.
  cluster.setupPrimary({ exec, args: [], serialization: 'advanced' });
  const state: ClusterState = {
    config,
    // As the workers log.
    log: Fastify({ logger: { level: config.logLevel } }).log,
    phase: 'starting',
    startup: Promise.withResolvers(),
    workers: new Map(),
    listeningWorkers: new Map(),
    port: { next: config.port, assigned: null },
    countRequest: createRateLimitCounter(),
    metrics: createClusterMetrics(),
  };
  // Node ends them, too, once they hear of it; one that is busy might not for long.
  process.once('exit', () => {
    for (const worker of state.workers.values()) worker.process.kill('SIGKILL');
  });
  for (let n = 0; n < config.workers; n += 1) startWorker(state, createBackoff());
  const address = await state.startup.promise;
  return { address, log: state.log, close: () => closeWorkers(state) };
}

/** Starts a worker; `delayBefore` says how long to wait before its place is filled again. */
function startWorker(state: ClusterState, getRestartDelay: ReturnType<typeof createBackoff>): void {
  const { config, log, workers, listeningWorkers, port } = state;
  const startedAt = performance.now();
  const worker = cluster.fork({ HOST: config.host, PORT: String(port.next) });
  workers.set(worker.id, worker);
  const rpc: WorkerRpc = createBirpc<WorkerFunctions, PrimaryFunctions>(
    {
      countRequests: (requests) =>
        requests.map(({ client, windowMs }) => state.countRequest(client, windowMs)),
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
    // The port is free again, for others too.
    if (listeningWorkers.size === 0 && port.assigned !== null) port.next = port.assigned;
    if (state.phase === 'closing') return;
    const reason = `a worker ended with ${signal ?? code}`;
    if (state.phase === 'starting') return state.startup.reject(new Error(`${reason} before all listened`));
    const delay = getRestartDelay(performance.now() - startedAt);
    log.error({ worker: worker.process.pid }, `${reason}; another is started in ${delay} ms`);
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
  // It asked for any port when those that shared one had just ended.
  if (port !== state.port.assigned) return void worker.process.kill();
  state.listeningWorkers.set(worker.id, rpc);
  state.log.info({ worker: worker.process.pid }, 'a worker listens');
  if (state.phase !== 'starting' || state.listeningWorkers.size < state.config.workers) return;
  state.phase = 'serving';
  state.startup.resolve(address);
}

/** Ends all workers as a signal would end a server that is alone, and waits for them. */
async function closeWorkers(state: ClusterState): Promise<void> {
  state.phase = 'closing';
  const exits = [...state.workers.values()].map(async (worker) => {
    const exited = once(worker, 'exit');
    const wasListening = state.listeningWorkers.has(worker.id);
    worker.process.kill('SIGTERM');
    const [code, signal] = await exited;
    // One that is still about to start ends by the signal itself.
    if (wasListening && code !== 0)
      throw new Error(`worker ${worker.process.pid} ended with ${signal ?? code}`);
  });
  await Promise.all(exits);
}
