/** Definition of another server, and its start in a separate process. */
import { type ServerProcess, spawnServer } from '../spawn-server.ts';
import { checkResponses } from './check.ts';
import type { RequestKind, RequestUrls } from './requests.ts';

export interface ComparisonServer {
  name: string;
  version: string;
  /** Installs the server unless it is installed. */
  install: () => Promise<void>;
  /**
   * Starts the server on the loopback address with the rows in `folder`, to which it may write, and checks
   * its responses. `commandPrefix` starts the server, such as `taskset -c 0`.
   */
  start: (folder: string, commandPrefix?: string[]) => Promise<ServerProcess>;
  urls: RequestUrls;
  /** Differences from an index lookup, by kind of request. All servers support all requests. */
  notes: Partial<Record<RequestKind, string>>;
}

/** Definition in the file of a server. */
export interface ComparisonServerDefinition extends Omit<ComparisonServer, 'start'> {
  /** Returns the command that serves the rows in `folder` and prints its URL. */
  command: (folder: string) => string[];
}

/** Environment of all servers; Express, Fastify and others read it. */
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
