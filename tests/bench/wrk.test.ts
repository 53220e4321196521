/** The load generator asks each path once, and does not take a bad answer for a good one. */

import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../bench/http-client.ts';
import { CONNECTIONS, holdBytes, load } from '../../bench/wrk.ts';

const BODY = 'x'.repeat(1_000);
let asked: string[] = [];
let statusOf = (_: string): number => 200;
let [server, url] = [undefined as Server | undefined, ''];

beforeAll(async () => {
  const listening = createServer((request, response) => {
    asked.push(request.url as string);
    response.writeHead(statusOf(request.url as string), { 'content-length': BODY.length });
    response.end(BODY);
  });
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done));
  server = listening;
  url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
});

afterAll(() => {
  server?.closeAllConnections();
  server?.close();
});

beforeEach(() => {
  asked = [];
  statusOf = () => 200;
});

const paths = Array.from({ length: 300 }, (_, n) => `/${n}`);
// wrk is Debian's, and is held to a core of its own.
const there = spawnSync('wrk', ['-v']).error === undefined && availableParallelism() > 1;

describe.skipIf(!there)('load', () => {
  it('asks each path once, in a rate of the time until they are used up', async () => {
    const { requests, perSecond } = await load({ url, paths, seconds: 1 });
    // wrk is given the first path before it begins.
    expect(asked.filter((path) => path !== '/readyz').toSorted()).toEqual(paths.slice(1).toSorted());
    expect(requests).toBeGreaterThan(paths.length - 2 * CONNECTIONS);
    expect(perSecond).toBeGreaterThan(paths.length);
  });

  it('asks them again where that is wanted, and counts the bytes', async () => {
    const each = (await ask(`${url}/0`)).bytes;
    const loaded = await load({ url, paths: ['/0', '/1'], repeat: true, seconds: 1 });
    expect(loaded.requests).toBeGreaterThan(100);
    holdBytes('/0', loaded, each);
    expect(() => holdBytes('/0', loaded, each + 1)).toThrow('bytes each are to come');
    expect(() => holdBytes('/0', loaded, each * 2, 0.2)).toThrow('bytes each are to come');
  });

  it('refuses one bad answer among good ones', async () => {
    statusOf = (path) => (path === '/7' ? 404 : 200);
    await expect(load({ url, paths, seconds: 1 })).rejects.toThrow('not every answer is good');
  });
});

it('ask tells the length of the whole answer', async () => {
  const { status, body, bytes, headers } = await ask(`${url}/1`);
  expect([status, body.toString()]).toEqual([200, BODY]);
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  expect(bytes).toBe(`HTTP/1.1 200 OK\r\n${head}\r\n${BODY}`.length);
});
