/** nginx (Debian's package) with the configuration that docs/OPERATIONS.md recommends. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTemporaryFolder } from './app.ts';
import { startProcess } from './process.ts';

/** Returns a port that was free a moment ago. */
export function findFreePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number };
    server.close(() => resolve(port));
  });
  return promise;
}

export interface Nginx {
  /** Folder of the proxy's cache. */
  cacheFolder: string;
}

/** Starts nginx on `port` in front of the server at `upstream`. It ends with the test file. */
export async function startNginx(port: number, upstream: string): Promise<Nginx> {
  const folder = createTemporaryFolder();
  const cacheFolder = join(folder, 'cache');
  // Its worker processes have a user of their own.
  chmodSync(folder, 0o777);
  mkdirSync(cacheFolder);
  const [, recipe = ''] = /```nginx\n(.*?)```/s.exec(readFileSync('docs/OPERATIONS.md', 'utf8')) ?? [];
  const site = recipe
    .replace('/var/cache/nginx/facts', cacheFolder)
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('http://127.0.0.1:3000/', `${upstream}/`);
  const temporaryPaths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  const configuration = `daemon off;
pid ${join(folder, 'nginx.pid')};
error_log stderr;
${userInfo().uid === 0 ? 'user root;' : ''}
events {}
http {
  access_log off;
  ${temporaryPaths.join('\n  ')}
  ${site}
}
`;
  const path = join(folder, 'nginx.conf');
  writeFileSync(path, configuration);
  const { output, result } = startProcess(
    ['-p', folder, '-c', path],
    { PATH: `${process.env['PATH']}:/usr/sbin` },
    { command: 'nginx' },
  );
  const ended = result.then(({ code, stderr }) => {
    throw new Error(`nginx ended with ${code}: ${stderr}`);
  });
  const listening = waitUntilListening(`http://127.0.0.1:${port}/`, () => output.stderr);
  await Promise.race([ended, listening]);
  // It is killed at the end of the tests.
  ended.catch(() => {});
  return { cacheFolder };
}

async function waitUntilListening(url: string, getLog: () => string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const response = await fetch(url).catch(() => null);
    if (response) return;
    await sleep(50);
  }
  throw new Error(`nginx does not listen: ${getLog()}`);
}
