/** Where questions are answered that may have to look through the whole store. */

import type { Config } from '../config.ts';
import { parseStoreUrl } from '../store/url.ts';
import { scansInThreads } from './request-pool.ts';
import { scansByTurn } from './semaphore-runner.ts';
import type { Scans } from './slow-query.ts';

export const scansOf = (config: Pick<Config, 'databaseUrl' | 'logLevel' | 'postgres'>): Scans =>
  parseStoreUrl(config.databaseUrl).kind === 'sqlite'
    ? scansInThreads({ config })
    : scansByTurn(Math.max(1, Math.floor(config.postgres.poolSize / 2)));
