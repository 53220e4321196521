/** A server in a process of its own, so that whoever measures it does not take its time. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface BenchServer {
  url: string;
  child: ChildProcess;
}

/** Starts a server on the SQLite store at `path`, on any free port. */
export async function startServer(path: string): Promise<BenchServer> {
  const environment = { ...process.env, DATABASE_URL: `file:${path}`, PORT: '0', RATE_LIMIT_PER_MINUTE: '0' };
  const child = spawn(process.execPath, ['src/server.ts'], { env: environment });
  for await (const chunk of child.stdout) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(chunk))?.[0];
    if (url) return { url, child };
  }
  throw new Error('the server ended');
}
