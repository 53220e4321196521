import { runCommand as runInThisProcess } from '../../src/cli/run.ts';
import type { ProcessResult } from './process.ts';

let lastRun: Promise<unknown> = Promise.resolve();

/**
 * Runs a command in this process, without the start of a new one, and captures its output. Commands run one at
 * a time, because output and environment belong to the process.
 */
export function runCommand(args: string[], environment: Record<string, string> = {}): Promise<ProcessResult> {
  const result = lastRun.then(() => runAlone(args, environment));
  lastRun = result.catch(() => {});
  return result;
}

async function runAlone(args: string[], environment: Record<string, string>): Promise<ProcessResult> {
  const output = { stdout: '', stderr: '' };
  const restoreStdout = captureWrites(process.stdout, (text) => {
    output.stdout += text;
  });
  const restoreStderr = captureWrites(process.stderr, (text) => {
    output.stderr += text;
  });
  const previousEnvironment = { ...process.env };
  Object.assign(process.env, environment);
  try {
    const code = await runInThisProcess(args);
    return { code, ...output };
  } finally {
    restoreStdout();
    restoreStderr();
    for (const name of Object.keys(environment)) {
      const previous = previousEnvironment[name];
      if (previous === undefined) delete process.env[name];
      else process.env[name] = previous;
    }
  }
}

function captureWrites(stream: NodeJS.WriteStream, capture: (text: string) => void): () => void {
  const { write } = stream;
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    capture(chunk.toString());
    const callback = rest.at(-1);
    if (typeof callback === 'function') callback();
    return true;
  };
  return () => {
    stream.write = write;
  };
}
