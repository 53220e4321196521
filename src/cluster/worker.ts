/** Worker process, started by primary.ts once the store is migrated. */
import { getSystemErrorMessage } from 'node:util';
import { createBirpc } from 'birpc';
import closeWithGrace from 'close-with-grace';
import { Registry } from 'prom-client';
import { readConfig } from '../config.ts';
import type { ClusterClient } from '../http/cluster-client.ts';
import { createShutdownHandler, type Server, SHUTDOWN_TIMEOUT_MS, startServer } from '../server.ts';
import { openStore } from '../store/open.ts';
import { batchCalls } from './batch-calls.ts';
import { createChannel, type PrimaryFunctions, type WorkerFunctions } from './rpc.ts';

const registry = new Registry();
const primary = createBirpc<PrimaryFunctions, WorkerFunctions>(
  { collectOwnMetrics: () => registry.getMetricsAsJSON() },
  createChannel(process),
);
const countBatched = batchCalls(primary.countRequests);
const clusterClient: ClusterClient = {
  registry,
  collectMetrics: primary.collectMetrics,
  countRequest: (client, windowMs) => countBatched({ client, windowMs }),
};

try {
  const config = readConfig(process.env);
  const rejectedFolders = await primary.getRejectedFolders();
  const { databaseUrl, postgres, readOnly } = config;
  const store = await openStore(databaseUrl, { ...postgres, readOnly });
  const server = await startServer(config, store, { cluster: clusterClient, rejectedFolders });
  closeOnSignals(server);
  await primary.reportListening(server.address, server.port);
} catch (error) {
  await primary.reportStartFailure(describeStartFailure(error));
  process.exit(1);
}

/**
 * Closes the server on the first signal and ignores later ones: a terminal and most supervisors signal every
 * process, and the primary signals the workers too. Only the exit of the primary cuts closing short: Node
 * then ends this process.
 */
function closeOnSignals(server: Server): void {
  const signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR2'] as const;
  const options = { delay: SHUTDOWN_TIMEOUT_MS, logger: server.log, skip: [...signals] };
  const { close } = closeWithGrace(options, createShutdownHandler(server));
  let isClosing = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (!isClosing) close();
      isClosing = true;
    });
  }
}

/** Formats bind errors like those of a single process: Node gives a worker a shorter message. */
function describeStartFailure(error: unknown): string {
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
