/** The workloads by name, in the order in which they are measured. */

import { hit } from './cached.ts';
import { againstRivals } from './comparisons.ts';
import type { Workload } from './context.ts';
import { exports } from './exports.ts';
import { imports } from './imports.ts';
import { size } from './latency-by-size.ts';
import { scans } from './slow-query-interference.ts';
import { start } from './startup.ts';
import { miss } from './uncached.ts';

export const workloads: Record<string, Workload> = {
  hit,
  miss,
  rivals: againstRivals,
  size,
  scans,
  imports,
  exports,
  start,
};
