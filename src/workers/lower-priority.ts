import { constants, setPriority } from 'node:os';

/**
 * Lets threads that handle fast requests run before this one. Not the lowest priority: on a busy machine, a
 * thread would then take a minute even to end. On Linux only: elsewhere, it is the priority of the process.
 */
export function lowerThreadPriority(): void {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
}
