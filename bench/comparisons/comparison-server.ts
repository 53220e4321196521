/** What a rival is, and how its server is started in a process of its own. */
import { launch, type Running } from '../spawn-server.ts';
import { checkAnswers } from './check.ts';
import type { Urls, Workload } from './requests.ts';

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

export function rival({ command, ...declared }: Declared): Rival {
  const { name, urls } = declared;
  return {
    ...declared,
    start: async (folder, under = []) => {
      const running = await launch(command(folder), { name, under, environment: ENVIRONMENT });
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
