/** What a rival is, and how its server is started in a process of its own. */
import { type ServerProcess, spawnServer } from '../spawn-server.ts';
import { checkResponses } from './check.ts';
import type { RequestKind, RequestUrls } from './requests.ts';

export interface ComparisonServer {
  name: string;
  version: string;
  /** Installs it, unless it is there already. */
  install: () => Promise<void>;
  /**
   * Serves the rows in `folder`, where it may write too, on the loopback address; each of its answers has been tried.
   * `under` is a command that the server is started by, such as `taskset -c 0`.
   */
  start: (folder: string, commandPrefix?: string[]) => Promise<ServerProcess>;
  urls: RequestUrls;
  /** All can be asked all of it; here is where it does something else than look up an index. */
  notes: Partial<Record<RequestKind, string>>;
}

/** A rival as its file declares it. */
export interface ComparisonServerDefinition extends Omit<ComparisonServer, 'start'> {
  /** The command that serves the rows in `folder` and prints its URL. */
  command: (folder: string) => string[];
}

/** For all alike: what Express, Fastify and others look at. */
const ENVIRONMENT = { NODE_ENV: 'production' };

export function defineComparisonServer({
  command,
  ...definition
}: ComparisonServerDefinition): ComparisonServer {
  const { name, urls } = definition;
  return {
    ...definition,
    start: async (folder, commandPrefix = []) => {
      const server = await spawnServer(command(folder), { name, commandPrefix, environment: ENVIRONMENT });
      try {
        await checkResponses(name, urls, server.url, folder);
        return server;
      } catch (error) {
        await server.stop();
        throw error;
      }
    },
  };
}
