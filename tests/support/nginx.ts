/** nginx (Debian's package) with the configuration that docs/OPERATIONS.md recommends. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createTemporaryFolder } from './app.ts';
import { startProcess, waitUntilResponding } from './process.ts';

export interface Nginx {
  /** Folder of the proxy's cache. */
  cacheFolder: string;
}

/** Starts nginx on `port` in front of the running server at `upstream`. It ends with the test file. */
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
  const running = startProcess(
    ['-p', folder, '-c', path],
    { PATH: `${process.env['PATH']}:/usr/sbin` },
    { command: 'nginx' },
  );
  await waitUntilResponding(running, `http://127.0.0.1:${port}/facts/healthz`);
  return { cacheFolder };
}
