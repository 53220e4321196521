/** Where questions are answered that may have to look through the whole store. */
import type { Scans } from '../collection/scans.ts';
import type { Config } from '../config.ts';
import { parseStoreUrl } from '../store/url.ts';
import { scansInThreads } from './threads.ts';
import { scansByTurn } from './turns.ts';

export const scansOf = (config: Pick<Config, 'databaseUrl' | 'logLevel' | 'postgres'>): Scans =>
  parseStoreUrl(config.databaseUrl).kind === 'sqlite'
    ? scansInThreads({ config })
    : scansByTurn(Math.max(1, Math.floor(config.postgres.poolSize / 2)));
