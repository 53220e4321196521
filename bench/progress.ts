/** Progress of an import on stderr: one updated line in a terminal, otherwise a line for every tenth. */
import type { ReportProgress } from '../src/lib/progress.ts';

export function createProgressReporter(title: string): ReportProgress {
  const startedAt = performance.now();
  let lastTenth = 0;
  return (done, total) => {
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
    const line = `${title}: ${done} of ${total} reports, ${seconds} s`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}${done === total ? '\n' : ''}`);
    else if (Math.floor((done * 10) / total) > lastTenth) process.stderr.write(`${line}\n`);
    lastTenth = Math.floor((done * 10) / total);
  };
}
