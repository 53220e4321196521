import type { Config } from '../config.ts';
import { parseStoreUrl } from '../store/url.ts';
import { createInProcessRunner } from './in-process-runner.ts';
import type { SlowQueryRunner } from './slow-query-runner.ts';
import { createThreadRunner } from './thread-runner.ts';

/** Creates the runner for the store of `config`: worker threads for SQLite, a queue for PostgreSQL. */
export function createSlowQueryRunner(config: Pick<Config, 'databaseUrl' | 'postgres'>): SlowQueryRunner {
  if (parseStoreUrl(config.databaseUrl).kind === 'sqlite') return createThreadRunner({ config });
  const { poolSize, statementTimeoutMs } = config.postgres;
  return createInProcessRunner({
    concurrency: Math.max(1, Math.floor(poolSize / 2)),
    waitTimeoutMs: statementTimeoutMs,
  });
}
