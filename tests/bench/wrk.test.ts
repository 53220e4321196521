/** Load generator: requests each path once, and detects failed requests. */

import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getResponse } from '../../bench/http-client.ts';
import { assertBytes, CONNECTIONS, runWrk } from '../../bench/wrk.ts';

const BODY = 'x'.repeat(1_000);
let requestedUrls: string[] = [];
let getStatus = (_: string): number => 200;
let [server, url] = [undefined as Server | undefined, ''];

beforeAll(async () => {
  const listening = createServer((request, response) => {
    requestedUrls.push(request.url as string);
    response.writeHead(getStatus(request.url as string), { 'content-length': BODY.length });
    response.end(BODY);
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  server = listening;
  url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
});

afterAll(() => {
  server?.closeAllConnections();
  server?.close();
});

beforeEach(() => {
  requestedUrls = [];
  getStatus = () => 200;
});

const paths = Array.from({ length: 300 }, (_, n) => `/${n}`);
// wrk is a Debian package, and runs on a core of its own.
const hasWrk = spawnSync('wrk', ['-v']).error === undefined && availableParallelism() > 1;

describe.skipIf(!hasWrk)('runWrk', () => {
  it('requests each path once, and computes the rate until they are used up', async () => {
    const { requests, perSecond } = await runWrk({ url, paths, seconds: 1 });
    // wrk takes the first path before it starts.
    expect(requestedUrls.filter((path) => path !== '/readyz').toSorted()).toEqual(paths.slice(1).toSorted());
    expect(requests).toBeGreaterThan(paths.length - 2 * CONNECTIONS);
    expect(perSecond).toBeGreaterThan(paths.length);
  });

  it('repeats the paths if requested, and counts the bytes', async () => {
    const each = (await getResponse(`${url}/0`)).bytes;
    const result = await runWrk({ url, paths: ['/0', '/1'], repeat: true, seconds: 1 });
    expect(result.requests).toBeGreaterThan(100);
    assertBytes('/0', result, each);
    expect(() => assertBytes('/0', result, each + 1)).toThrow(/expected \d+ bytes each/);
    expect(() => assertBytes('/0', result, each * 2, 0.2)).toThrow(/expected \d+ bytes each/);
  });

  it('rejects if one of many requests fails', async () => {
    getStatus = (path) => (path === '/7' ? 404 : 200);
    await expect(runWrk({ url, paths, seconds: 1 })).rejects.toThrow('some requests failed');
  });
});

it('getResponse returns the size of the complete response', async () => {
  const { status, body, bytes, headers } = await getResponse(`${url}/1`);
  expect([status, body.toString()]).toEqual([200, BODY]);
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  expect(bytes).toBe(`HTTP/1.1 200 OK\r\n${head}\r\n${BODY}`.length);
});
