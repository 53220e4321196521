/** Listens; nothing else. */
import { flushCompileCache } from 'node:module';
import { readConfig } from './config.ts';
import { formatStartupMessage, serve } from './serve.ts';

try {
  process.stdout.write(`${formatStartupMessage(await serve(readConfig(process.env)))}\n`);
  // If Node keeps what it compiled: else it would write that when the process ends, and not if it is killed.
  flushCompileCache();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // At once: a driver may still hold a socket to a server that waits for a password.
  process.exit(1);
}
