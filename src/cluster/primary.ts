/** Several processes behind one port: starts them, replaces those that end, and ends them all. */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createBirpc } from 'birpc';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import type { Config } from '../config.ts';
import type { Server } from '../server.ts';
import { backoff } from './backoff.ts';
import { type ClusterMetrics, clusterMetrics } from './metrics.ts';
import { clientCounter } from './rate-limit-counter.ts';
import { channelTo, type PrimaryFunctions, type WorkerFunctions, type WorkerSide } from './rpc.ts';

interface Pool {
  config: Config;
  log: FastifyBaseLogger;
  phase: 'starting' | 'serving' | 'closing';
  /** Settles when all listen, or one cannot. */
  started: PromiseWithResolvers<string>;
  /** All that live, and those of them that listen. */
  workers: Map<number, Worker>;
  listening: Map<number, WorkerSide>;
  /** What the next worker asks for, and what the first was given. */
  port: { next: number; given: number | null };
  count: ReturnType<typeof clientCounter>;
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
  const pool: Pool = {
    config,
    // As the workers log.
    log: Fastify({ logger: { level: config.logLevel } }).log,
    phase: 'starting',
    started: Promise.withResolvers(),
    workers: new Map(),
    listening: new Map(),
    port: { next: config.port, given: null },
    count: clientCounter(),
    metrics: clusterMetrics(),
  };
  // Node ends them, too, once they hear of it; one that is busy might not for long.
  process.once('exit', () => {
    for (const worker of pool.workers.values()) worker.process.kill('SIGKILL');
  });
  for (let n = 0; n < config.workers; n += 1) start(pool, backoff());
  const address = await pool.started.promise;
  return { address, log: pool.log, close: () => close(pool) };
}

/** Starts a worker; `delayBefore` says how long to wait before its place is filled again. */
function start(pool: Pool, delayBefore: ReturnType<typeof backoff>): void {
  const { config, log, workers, listening, port } = pool;
  const since = performance.now();
  const worker = cluster.fork({ HOST: config.host, PORT: String(port.next) });
  workers.set(worker.id, worker);
  const rpc: WorkerSide = createBirpc<WorkerFunctions, PrimaryFunctions>(
    {
      count: (requests) => requests.map(({ client, windowMs }) => pool.count(client, windowMs)),
      metrics: () => pool.metrics.gather(listening),
      fails: (reason) => fails(pool, worker, reason),
      listens: (address, at) => listens(pool, { worker, rpc, address, port: at }),
    },
    channelTo(worker),
  );
  worker.once('exit', (code, signal) => {
    workers.delete(worker.id);
    listening.delete(worker.id);
    rpc.$close();
    pool.metrics.end(worker.id);
    // The port is free again, for others too.
    if (listening.size === 0 && port.given !== null) port.next = port.given;
    if (pool.phase === 'closing') return;
    const reason = `a worker ended with ${signal ?? code}`;
    if (pool.phase === 'starting') return pool.started.reject(new Error(`${reason} before all listened`));
    const delay = delayBefore(performance.now() - since);
    log.error({ worker: worker.process.pid }, `${reason}; another is started in ${delay} ms`);
    setTimeout(() => pool.phase === 'serving' && start(pool, delayBefore), delay);
  });
}

function fails({ phase, started, log }: Pool, worker: Worker, reason: string): void {
  if (phase === 'starting') started.reject(new Error(reason));
  else log.error({ worker: worker.process.pid }, reason);
}

interface Listening {
  worker: Worker;
  rpc: WorkerSide;
  address: string;
  port: number;
}

function listens(pool: Pool, { worker, rpc, address, port }: Listening): void {
  pool.port.given ??= port;
  // It asked for any port when those that shared one had just ended.
  if (port !== pool.port.given) return void worker.process.kill();
  pool.listening.set(worker.id, rpc);
  pool.log.info({ worker: worker.process.pid }, 'a worker listens');
  if (pool.phase !== 'starting' || pool.listening.size < pool.config.workers) return;
  pool.phase = 'serving';
  pool.started.resolve(address);
}

/** Ends all workers as a signal would end a server that is alone, and waits for them. */
async function close(pool: Pool): Promise<void> {
  pool.phase = 'closing';
  const ending = [...pool.workers.values()].map(async (worker) => {
    const exited = once(worker, 'exit');
    const listened = pool.listening.has(worker.id);
    worker.process.kill('SIGTERM');
    const [code, signal] = await exited;
    // One that is still about to start ends by the signal itself.
    if (listened && code !== 0) throw new Error(`worker ${worker.process.pid} ended with ${signal ?? code}`);
  });
  await Promise.all(ending);
}
