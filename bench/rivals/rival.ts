/** What a rival is, and how its server is started in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { checkAnswers } from './check.ts';
import type { Place } from './questions.ts';

/** Paths, each of a page of 20 rows but for the item. */
export interface Urls {
  page: string;
  pages: (place: Place) => string;
  filtered: (speaker: string) => string;
  item: (id: string) => string;
  search: (word: string) => string;
}

export type Workload = keyof Urls;

export interface Running {
  url: string;
  pid: number;
  stop: () => Promise<void>;
}

export interface Rival {
  name: string;
  version: string;
  /** Installs it, unless it is there already. */
  install: () => Promise<void>;
  /**
   * Serves the rows in `folder`, where it may write too, on the loopback address; each of its answers has been tried.
   * `under` is a command that the server is started by, such as `taskset -c 0`.
   */
  start: (folder: string, under?: string[]) => Promise<Running>;
  urls: Urls;
  /** All can be asked all of it; here is where it does something else than look up an index. */
  notes: Partial<Record<Workload, string>>;
}

/** A rival as its file declares it. */
export interface Declared extends Omit<Rival, 'start'> {
  /** The command that serves the rows in `folder` and prints its URL. */
  command: (folder: string) => string[];
}

/** For all alike: what Express, Fastify and others look at. */
const ENVIRONMENT = { NODE_ENV: 'production' };

const START_LIMIT_MS = 60_000;

export function rival({ command, ...declared }: Declared): Rival {
  const { name, urls } = declared;
  return {
    ...declared,
    start: async (folder, under = []) => {
      const running = await launch(name, [...under, ...command(folder)]);
      try {
        await checkAnswers(name, urls, running.url, folder);
        return running;
      } catch (error) {
        await running.stop();
        throw error;
      }
    },
  };
}

async function launch(name: string, [program = '', ...args]: string[]): Promise<Running> {
  const child = spawn(program, args, {
    env: { ...process.env, ...ENVIRONMENT },
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
    return { url: await urlFrom(name, child), pid: child.pid as number, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The URL that the process prints, once it has. */
function urlFrom(name: string, child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let [printed, complaints] = ['', ''];
    const fail = (why: string) => failed(new Error(`${name} ${why}: ${complaints || printed}`));
    const limit = setTimeout(
      () => fail(`has not started within ${START_LIMIT_MS / 1_000} s`),
      START_LIMIT_MS,
    );
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
