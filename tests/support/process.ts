/** Servers and commands as processes of their own, ended by their own process ids. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { atTheEnd } from './cleanup.ts';

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  /** What it has printed so far. */
  output: { stdout: string; stderr: string };
  finished: Promise<Finished>;
}

/** What Node has compiled for one process need not be compiled for the next: it takes a third off every start. */
const COMPILED = { NODE_COMPILE_CACHE: resolve('node_modules/.cache/compiled') };

export interface RunOptions {
  /** What runs `args`: the Node of the tests, if nothing else is said. */
  command?: string;
  cwd?: string;
}

export function run(
  args: string[],
  environment: Record<string, string> = {},
  { command = process.execPath, cwd }: RunOptions = {},
): Running {
  const env = { ...process.env, ...COMPILED, ...environment };
  const child = spawn(command, args, cwd === undefined ? { env } : { env, cwd });
  atTheEnd(() => {
    if (child.exitCode === null) child.kill('SIGKILL');
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    output.stderr += chunk;
  });
  const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { child, output, finished };
}

export const cli = (args: string[], environment: Record<string, string> = {}): Promise<Finished> =>
  run(['src/cli/main.ts', ...args], environment).finished;

export interface Server extends Running {
  url: string;
}

/** A server on a free port, once it has printed where it is. */
export const serve = (environment: Record<string, string>): Promise<Server> =>
  listening(run(['src/main.ts'], { PORT: '0', ...environment }));

/** A process that starts a server, once it has printed where that is. */
export async function listening(running: Running): Promise<Server> {
  let ended: Finished | undefined;
  running.finished.then((finished) => {
    ended = finished;
  });
  for (;;) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(running.output.stdout)?.[0];
    if (url) return { ...running, url };
    if (ended) throw new Error(`the server ended with ${ended.code}: ${ended.stderr}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}
