import { flushCompileCache } from 'node:module';
import { readConfig } from './config.ts';
import { formatStartupMessage, serve } from './serve.ts';

try {
  process.stdout.write(`${formatStartupMessage(await serve(readConfig(process.env)))}\n`);
  // Otherwise Node writes the compile cache when the process exits, and not at all if it is killed.
  flushCompileCache();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // Exit explicitly: a driver may still hold a socket to a database server that waits for a password.
  process.exit(1);
}
