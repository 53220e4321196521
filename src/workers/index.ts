/** Runner for slow queries: worker threads for SQLite, a semaphore for PostgreSQL. */

import type { Config } from '../config.ts';
import { parseStoreUrl } from '../store/url.ts';
import { createThreadPoolRunner } from './request-pool.ts';
import { createSemaphoreRunner } from './semaphore-runner.ts';
import type { SlowQueryRunner } from './slow-query.ts';

export const createSlowQueryRunner = (
  config: Pick<Config, 'databaseUrl' | 'logLevel' | 'postgres'>,
): SlowQueryRunner =>
  parseStoreUrl(config.databaseUrl).kind === 'sqlite'
    ? createThreadPoolRunner({ config })
    : createSemaphoreRunner(Math.max(1, Math.floor(config.postgres.poolSize / 2)));
