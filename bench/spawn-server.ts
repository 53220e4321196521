/** Servers in separate processes, so that the benchmark does not use their CPU time. Linux only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ServerProcess {
  url: string;
  pid: number;
  stop: () => Promise<void>;
}

export interface SpawnServerOptions {
  /** Name of the server in errors. */
  name: string;
  /** Command that starts the server, such as `taskset -c 0`. */
  commandPrefix?: string[];
  environment?: Record<string, string>;
  /** Maximum time until the server listens. */
  timeoutMs?: number;
}

/** Core for servers, and core for the clients that send requests. */
export const ON_SERVER_CORE = ['taskset', '-c', '0'];
export const ON_CLIENT_CORE = ['taskset', '-c', '1'];

const START_TIMEOUT_MS = 60_000;

/** Starts `command`, which must print its loopback URL once it listens. */
export async function spawnServer(
  command: string[],
  { name, commandPrefix = [], environment = {}, timeoutMs = START_TIMEOUT_MS }: SpawnServerOptions,
): Promise<ServerProcess> {
  const [program = '', ...args] = [...commandPrefix, ...command];
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // SIGKILL, because nothing needs a graceful shutdown.
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

/** Waits for the URL that the process prints. */
function waitForUrl(name: string, child: ChildProcess, limitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let [stdoutText, stderrText] = ['', ''];
    const fail = (reason: string) => reject(new Error(`${name} ${reason}: ${stderrText || stdoutText}`));
    const timer = setTimeout(() => fail(`did not start within ${limitMs / 1_000} s`), limitMs);
    child.on('error', (error) => fail(`cannot be started, ${error.message}`));
    child.on('exit', (code, signal) => fail(`exited with ${signal ?? code}`));
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
