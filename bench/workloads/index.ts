/** The workloads by name, in the order in which they are measured. */
import type { Workload } from './context.ts';
import { exports } from './exports.ts';
import { hit } from './hit.ts';
import { imports } from './imports.ts';
import { miss } from './miss.ts';
import { againstRivals } from './rivals.ts';
import { scans } from './scans.ts';
import { size } from './size.ts';
import { start } from './start.ts';

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
