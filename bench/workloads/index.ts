/** Workloads by name, in the order in which they run. */

import { cachedWorkload } from './cached.ts';
import { comparisonWorkload } from './comparisons.ts';
import type { Workload } from './context.ts';
import { exportWorkload } from './exports.ts';
import { importWorkload } from './imports.ts';
import { latencyBySizeWorkload } from './latency-by-size.ts';
import { slowQueryWorkload } from './slow-query-interference.ts';
import { startupWorkload } from './startup.ts';
import { uncachedWorkload } from './uncached.ts';

export const workloads: Record<string, Workload> = {
  hit: cachedWorkload,
  miss: uncachedWorkload,
  rivals: comparisonWorkload,
  size: latencyBySizeWorkload,
  scans: slowQueryWorkload,
  imports: importWorkload,
  exports: exportWorkload,
  start: startupWorkload,
};
