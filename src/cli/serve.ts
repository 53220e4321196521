import { flushCompileCache } from 'node:module';
import { readConfig } from '../config.ts';
import { formatStartupMessage, serve } from '../serve.ts';
import { createOutput } from './output.ts';

/** `summit-facts serve`. Does the same as `npm start`, in any directory. */
export async function serveStore({
  port,
  host,
  json = false,
}: {
  port?: number;
  host?: string;
  json?: boolean;
}): Promise<void> {
  const config = readConfig(process.env);
  const url = await serve({ ...config, port: port ?? config.port, host: host ?? config.host });
  const output = createOutput({ json });
  output.writeLine(formatStartupMessage(url));
  output.writeJson({ url });
  // As in src/main.ts.
  flushCompileCache();
}
