/** Servers and commands as child processes, which are killed by their process ids when the test file ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFileEnd } from './cleanup.ts';

export interface ProcessResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningProcess {
  child: ChildProcess;
  /** Output so far. */
  output: { stdout: string; stderr: string };
  result: Promise<ProcessResult>;
}

/** Compile cache shared by the processes: saves a third of every start. */
const COMPILE_CACHE_ENV = { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled') };

export interface RunOptions {
  /** Program to run with `args`; defaults to the Node of the tests. */
  command?: string;
  cwd?: string;
}

export function startProcess(
  args: string[],
  environment: Record<string, string> = {},
  { command = process.execPath, cwd }: RunOptions = {},
): RunningProcess {
  const env = { ...process.env, ...COMPILE_CACHE_ENV, ...environment };
  const child = spawn(command, args, cwd === undefined ? { env } : { env, cwd });
  onTestFileEnd(() => {
    if (child.exitCode === null) child.kill('SIGKILL');
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stderr += chunk;
  });
  const result = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { child, output, result };
}

/** Starts a process as a user whom file permissions bind, even if the tests run as root. */
export function startAsOrdinaryUser(
  args: string[],
  environment: Record<string, string> = {},
): RunningProcess {
  if (process.getuid?.() !== 0) return startProcess(args, environment);
  const options = ['--reuid=65534', '--regid=65534', '--clear-groups', '--', process.execPath];
  return startProcess([...options, ...args], environment, { command: 'setpriv' });
}

export const runCli = (args: string[], environment: Record<string, string> = {}): Promise<ProcessResult> =>
  startProcess(['src/cli/main.ts', ...args], environment).result;

export interface ServerProcess extends RunningProcess {
  url: string;
}

/** Starts a server on a free port and waits until it listens. */
export const startServerProcess = (environment: Record<string, string>): Promise<ServerProcess> =>
  waitUntilListening(startProcess(['src/main.ts'], { PORT: '0', ...environment }));

/** Waits until the process has printed the URL of its server. */
export async function waitUntilListening(process: RunningProcess): Promise<ServerProcess> {
  let result: ProcessResult | undefined;
  process.result.then((finished) => {
    result = finished;
  });
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(process.output.stdout)?.[0];
    if (url) return { ...process, url };
    if (result) throw new Error(`the server ended with ${result.code}: ${result.stderr}`);
    await sleep(20);
  }
}

/** Waits until another program responds with success at `url`; throws if it ends before that. */
export async function waitUntilResponding({ result }: RunningProcess, url: string): Promise<void> {
  let endReason: string | null = null;
  result.then(({ code, stderr }) => {
    endReason = `it ended with ${code}: ${stderr}`;
  });
  while (!(await fetch(url).catch(() => null))?.ok) {
    if (endReason) throw new Error(endReason);
    await sleep(100);
  }
}
