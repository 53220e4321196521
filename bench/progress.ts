/** How far a long piece of work has come: on one line that changes in a terminal, on a line for every tenth elsewhere. */
import type { Progress } from '../src/lib/progress.ts';

export function progressOf(title: string): Progress {
  const began = performance.now();
  let told = 0;
  return (done, of) => {
    const seconds = ((performance.now() - began) / 1_000).toFixed(0);
    const line = `${title}: ${done} of ${of} reports, ${seconds} s`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}${done === of ? '\n' : ''}`);
    else if (Math.floor((done * 10) / of) > told) process.stderr.write(`${line}\n`);
    told = Math.floor((done * 10) / of);
  };
}
