/** Servers in processes of their own, so that whoever measures them does not take their time. Linux only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Running {
  url: string;
  pid: number;
  stop: () => Promise<void>;
}

export interface LaunchOptions {
  /** What it is called in an error. */
  name: string;
  /** A command that the server is started by, such as `taskset -c 0`. */
  under?: string[];
  environment?: Record<string, string>;
  /** How long it may take to listen. */
  limitMs?: number;
}

/** The core that servers have, and the one that is left to those who ask them. */
export const ON_SERVER_CORE = ['taskset', '-c', '0'];
export const ON_CLIENT_CORE = ['taskset', '-c', '1'];

const START_LIMIT_MS = 60_000;

/** Starts `command`, which prints its URL on the loopback address once it listens. */
export async function launch(
  command: string[],
  { name, under = [], environment = {}, limitMs = START_LIMIT_MS }: LaunchOptions,
): Promise<Running> {
  const [program = '', ...args] = [...under, ...command];
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Nothing that it leaves behind is wanted.
  const stop = async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  try {
    return { url: await urlFrom(name, child, limitMs), pid: child.pid as number, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The URL that the process prints, once it has. */
function urlFrom(name: string, child: ChildProcess, limitMs: number): Promise<string> {
  return new Promise((found, failed) => {
    let [printed, complaints] = ['', ''];
    const fail = (why: string) => failed(new Error(`${name} ${why}: ${complaints || printed}`));
    const limit = setTimeout(() => fail(`has not started within ${limitMs / 1_000} s`), limitMs);
    child.on('error', (error) => fail(`cannot be started, ${error.message}`));
    child.on('exit', (code, signal) => fail(`ended with ${signal ?? code}`));
    child.stderr?.on('data', (chunk) => {
      complaints += chunk;
    });
    child.stdout?.on('data', (chunk) => {
      printed += chunk;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
      if (!url) return;
      clearTimeout(limit);
      found(url);
    });
  });
}

/** Processor time that a process has had, in its own code and in the kernel's. */
export function processorMs(pid: number): number {
  // After the name, which may hold spaces, the 12th and 13th field, in hundredths of a second.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
