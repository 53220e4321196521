/** One of the processes that primary.ts starts: it serves the store that is open and up to date by then. */
import { getSystemErrorMessage } from 'node:util';
import { createBirpc } from 'birpc';
import closeWithGrace from 'close-with-grace';
import { Registry } from 'prom-client';
import { readConfig } from '../config.ts';
import type { Peers } from '../http/cluster-client.ts';
import { closing, listen, type Server, SHUTDOWN_TIMEOUT_MS } from '../server.ts';
import { openStore } from '../store/open.ts';
import { batched } from './batch-calls.ts';
import { channelTo, type PrimaryFunctions, type WorkerFunctions } from './rpc.ts';

const registry = new Registry();
const primary = createBirpc<PrimaryFunctions, WorkerFunctions>(
  { measure: () => registry.getMetricsAsJSON() },
  channelTo(process),
);
const count = batched(primary.count);
const peers: Peers = {
  registry,
  metrics: primary.metrics,
  count: (client, windowMs) => count({ client, windowMs }),
};

try {
  const config = readConfig(process.env);
  const server = await listen(config, await openStore(config.databaseUrl, config.postgres), peers);
  closeOnSignals(server);
  await primary.listens(server.address, server.port);
} catch (error) {
  await primary.fails(reasonOf(error));
  process.exit(1);
}

/**
 * Any number of signals is the same as one: a terminal and most supervisors send theirs to every process, and the primary
 * sends one too. What cuts closing short is the end of the primary: then Node ends this process.
 */
function closeOnSignals(server: Server): void {
  const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR2'] as const;
  const options = { delay: SHUTDOWN_TIMEOUT_MS, logger: server.log, skip: [...signals] };
  const { close } = closeWithGrace(options, closing(server));
  let told = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (!told) close();
      told = true;
    });
  }
}

/** Of a port that cannot be had a worker is told less than a process that asks for it alone. */
function reasonOf(error: unknown): string {
  const {
    message = String(error),
    syscall,
    code,
    errno,
    address,
    port,
  } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (syscall !== 'bind' || errno === undefined) return message;
  return `listen ${code}: ${getSystemErrorMessage(errno)} ${address}${port ? `:${port}` : ''}`;
}
