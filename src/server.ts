/** `npm start`: listens; nothing else. */
import { readConfig } from './config.ts';
import { greeting, serve } from './serve.ts';

try {
  process.stdout.write(`${greeting(await serve(readConfig(process.env)))}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // At once: a driver may still hold a socket to a server that waits for a password.
  process.exit(1);
}
