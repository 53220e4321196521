import { constants, setPriority } from 'node:os';

/**
 * From here on whoever waits for a short answer gets the processor before this thread. Not the lowest priority there is: on a busy
 * machine a thread would then take a minute even to end. Elsewhere than on Linux it would be that of the process.
 */
export function lowerThreadPriority(): void {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
}
