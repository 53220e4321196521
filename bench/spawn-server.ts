/** Servers in processes of their own, so that whoever measures them does not take their time. Linux only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface ServerProcess {
  url: string;
  pid: number;
  stop: () => Promise<void>;
}

export interface SpawnServerOptions {
  /** What it is called in an error. */
  name: string;
  /** A command that the server is started by, such as `taskset -c 0`. */
  commandPrefix?: string[];
  environment?: Record<string, string>;
  /** How long it may take to listen. */
  timeoutMs?: number;
}

/** The core that servers have, and the one that is left to those who ask them. */
export const ON_SERVER_CORE = ['taskset', '-c', '0'];
export const ON_CLIENT_CORE = ['taskset', '-c', '1'];

const START_TIMEOUT_MS = 60_000;

/** Starts `command`, which prints its URL on the loopback address once it listens. */
export async function spawnServer(
  command: string[],
  { name, commandPrefix = [], environment = {}, timeoutMs = START_TIMEOUT_MS }: SpawnServerOptions,
): Promise<ServerProcess> {
  const [program = '', ...args] = [...commandPrefix, ...command];
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Nothing that it leaves behind is wanted.
  const stop = async () => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  try {
    return { url: await waitForUrl(name, child, timeoutMs), pid: child.pid as number, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The URL that the process prints, once it has. */
function waitForUrl(name: string, child: ChildProcess, limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let [stdoutText, stderrText] = ['', ''];
    const fail = (reason: string) => reject(new Error(`${name} ${reason}: ${stderrText || stdoutText}`));
    const timer = setTimeout(() => fail(`has not started within ${limitMs / 1_000} s`), limitMs);
    child.on('error', (error) => fail(`cannot be started, ${error.message}`));
    child.on('exit', (code, signal) => fail(`ended with ${signal ?? code}`));
    child.stderr?.on('data', (chunk) => {
      stderrText += chunk;
    });
    child.stdout?.on('data', (chunk) => {
      stdoutText += chunk;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(stdoutText)?.[0];
      if (!url) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

/** Processor time that a process has had, in its own code and in the kernel's. */
export function getCpuMs(pid: number): number {
  // After the name, which may hold spaces, the 12th and 13th field, in hundredths of a second.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
