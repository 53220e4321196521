/** The workloads by name, in the order in which they are measured. */
import type { Workload } from './context.ts';
import { hit } from './hit.ts';
import { miss } from './miss.ts';

export const workloads: Record<string, Workload> = { hit, miss };
