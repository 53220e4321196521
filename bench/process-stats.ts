/** CPU time and memory of a process. Linux only. */
import { readFileSync } from 'node:fs';

/** Returns the CPU time of a process so far, user and kernel, in milliseconds. */
export function getCpuMs(pid: number | undefined): number {
  // Fields 14 and 15, in hundredths of a second. The second field, the program's name in parentheses, may
  // contain spaces and parentheses, so fields are counted from the last parenthesis.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Returns the resident memory of a process in megabytes of 2^20 bytes. */
export function getResidentMb(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}
