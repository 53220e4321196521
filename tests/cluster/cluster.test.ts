/** Several processes behind one port, as they are started and ended from outside. */

import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { createStoreUrl } from '../support/app.ts';
import { buildEventDossier } from '../support/dossier-builder.ts';
import { createWriteKey, putDossier } from '../support/dossier-client.ts';
import { type ServerProcess, startProcess, startServerProcess } from '../support/process.ts';

const DEADLINE_MS = 30_000;

interface HttpResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Asks on a connection of its own, so that each request may come to another process. */
function sendRequest(url: string, headers: Record<string, string> = {}): Promise<HttpResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  request(url, { agent: false, headers }, async (response) => {
    try {
      const body = (await response.toArray()).join('');
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
    } catch (error) {
      reject(error);
    }
  })
    .on('error', reject)
    .end();
  return promise;
}

/** What `look` gives, once it gives anything. */
async function waitFor<T>(description: string, getValue: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const value = await getValue();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`in vain: ${description}`);
    await sleep(20);
  }
}

/** Of the log, which comes a little after what it tells of. */
interface LogLine {
  pid: number;
  msg: string;
  reqId?: string;
  worker?: number;
}

const parseLogLines = ({ output }: Pick<ServerProcess, 'output'>, message: RegExp): LogLine[] =>
  output.stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
    .filter(({ msg }) => message.test(msg));

/** The first `count` processes that listened, or all so far. */
const waitForListeners = (server: ServerProcess, count = 0): Promise<[number, ...number[]]> =>
  waitFor(`${count} processes that listen`, () => {
    const pids = parseLogLines(server, /a worker listens/).map(({ worker }) => worker as number);
    return pids.length > 0 && pids.length >= count ? (pids as [number, ...number[]]) : null;
  });
const findHandlingPid = (server: ServerProcess, id: string): number | undefined =>
  parseLogLines(server, /incoming request/).find(({ reqId }) => reqId === id)?.pid;

/** An answer of each of `count` processes to the same question, by process. */
async function collectResponses(
  server: ServerProcess,
  path: string,
  count: number,
): Promise<Map<number, HttpResponse>> {
  const responses = new Map<number, HttpResponse>();
  await waitFor(`an answer of ${count} processes`, async () => {
    const id = crypto.randomUUID();
    const response = await sendRequest(server.url + path, { 'x-request-id': id });
    responses.set(await waitFor('who answered', () => findHandlingPid(server, id)), response);
    return responses.size === count;
  });
  return responses;
}

/** A server that has greeted: the log tells before that where its processes are. */
async function startCluster(environment: Record<string, string>): Promise<ServerProcess> {
  const defaults = { DATABASE_URL: createStoreUrl(), RATE_LIMIT_PER_MINUTE: '0', LOG_LEVEL: 'info' };
  const server = await startServerProcess({ ...defaults, ...environment });
  await waitFor('the greeting', () => GREETING.test(server.output.stdout));
  return server;
}

const GREETING = /^Summit Facts is at .*$/m;

/** A process that neither answers nor hears of anything, and a request that another has taken, which waits for it. */
async function stopOneWorker(
  server: ServerProcess,
): Promise<{ stopped: number; answer: Promise<HttpResponse> }> {
  const stoppedPid = (await waitForListeners(server)).at(-1) as number;
  process.kill(stoppedPid, 'SIGSTOP');
  // Whatever becomes of the test, it must be able to hear that the others have ended.
  const timer = setTimeout(() => process.kill(stoppedPid, 'SIGCONT'), DEADLINE_MS);
  void server.result.finally(() => clearTimeout(timer));
  // One of them may come to the one that is stopped.
  const metricsRequests = ['metrics-1', 'metrics-2'].map((id) => ({
    id,
    answer: sendRequest(`${server.url}/metrics`, { 'x-request-id': id }),
  }));
  for (const { answer } of metricsRequests) answer.catch(() => {});
  const { answer } = await waitFor('a process that takes it', () =>
    metricsRequests.find(({ id }) => findHandlingPid(server, id) !== undefined),
  );
  return { stopped: stoppedPid, answer };
}

const WORKERS = 2;

describe(`${WORKERS} processes`, () => {
  const url = createStoreUrl();
  let key: string;
  let server: ServerProcess;
  beforeAll(async () => {
    const store = await openStore(url);
    key = await createWriteKey(store);
    await store.close();
    server = await startCluster({ DATABASE_URL: url, WORKERS: String(WORKERS) });
  });
  it('greet once, when all listen, and are no one but those that answer', async () => {
    expect(server.output.stdout.match(new RegExp(GREETING, 'gm'))).toHaveLength(1);
    const responses = await collectResponses(server, '/v1/events?limit=1', WORKERS);
    expect([...responses.keys()].sort()).toEqual((await waitForListeners(server, WORKERS)).sort());
    expect(responses.has(server.child.pid as number)).toBe(false);
  });

  it.each([
    '/v1/events/war-in-ukraine',
    '/v1/events.csv',
    '/v1/statements.feed.json',
    '/openapi.yaml',
  ])('give the same answer, with the same ETag: %s', async (path) => {
    const responses = [...(await collectResponses(server, path, WORKERS)).values()];
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    expect(new Set(responses.map(({ headers }) => headers.etag)).size).toBe(1);
    expect(new Set(responses.map(({ body }) => body)).size).toBe(1);
    expect(responses[0]?.headers.etag).toMatch(/^"/);
  });

  it('go on with each other’s cursors', async () => {
    const ids: string[] = [];
    let next: string | null = '/v1/events?limit=2';
    while (next) {
      const { data, links } = JSON.parse((await sendRequest(server.url + next)).body);
      ids.push(...data.map(({ id }: { id: string }) => id));
      next = links.next;
    }
    const { meta } = JSON.parse((await sendRequest(`${server.url}/v1/events?count=true`)).body);
    expect([ids.length, new Set(ids).size]).toEqual([meta.total, meta.total]);
  });

  it('see at once what one of them has imported', async () => {
    for (const id of ['first', 'second', 'third']) {
      const { revision } = await putDossier(server.url, key, buildEventDossier([{ id: `${id}-event` }], id));
      const responses = await collectResponses(server, `/v1/events/${id}-event`, WORKERS);
      for (const { body } of responses.values()) expect(JSON.parse(body)).toMatchObject({ revision });
    }
  });

  it('measure themselves together, and count on when one has ended and been replaced', async () => {
    const count = async () => {
      const { status, body } = await sendRequest(`${server.url}/metrics`);
      expect(status).toBe(200);
      const requestCount = /^http_request_duration_seconds_count\{.*"\/v1\/people".*\} (\d+)$/m.exec(body);
      return Number(requestCount?.[1] ?? 0);
    };
    const totalRequests = 4 * WORKERS;
    for (let n = 0; n < totalRequests; n += 1) await sendRequest(`${server.url}/v1/people`);
    // What a client has in hand may not have been counted yet.
    await waitFor('all requests to be counted', async () => (await count()) >= totalRequests);
    expect(await count()).toBe(totalRequests);

    const [victim] = await waitForListeners(server, WORKERS);
    process.kill(victim, 'SIGKILL');
    await waitFor('a word of the end', () => parseLogLines(server, /a worker ended with SIGKILL/).length > 0);
    const others = await collectResponses(server, '/healthz', WORKERS - 1);
    expect(others.has(victim)).toBe(false);
    const [, ...living] = await waitForListeners(server, WORKERS + 1);
    const responses = await collectResponses(server, '/healthz', WORKERS);
    expect([...responses.keys()].sort()).toEqual(living.sort());
    expect(await count()).toBe(totalRequests);
  });

  it('come back at the same port when all have ended', async () => {
    const pidsBefore = await waitForListeners(server, WORKERS);
    const [told = 0, killed = 0] = pidsBefore.slice(-WORKERS);
    expect([told, killed]).not.toContain(0);
    process.kill(told, 'SIGTERM');
    process.kill(killed, 'SIGKILL');
    const pidsAfter = (await waitForListeners(server, pidsBefore.length + WORKERS)).slice(-WORKERS);
    expect(pidsAfter).not.toEqual(expect.arrayContaining([told]));
    expect([...(await collectResponses(server, '/healthz', WORKERS)).keys()].sort()).toEqual(
      pidsAfter.sort(),
    );
  });

  it('end when everything in flight is answered', async () => {
    const complete = new Set<string>();
    let refusedCount = 0;
    const client = async () => {
      while (refusedCount === 0) {
        const id = `load-${crypto.randomUUID()}`;
        try {
          const { body } = await sendRequest(`${server.url}/v1/events.csv`, { 'x-request-id': id });
          if (body.endsWith('\n')) complete.add(id);
        } catch {
          refusedCount += 1;
        }
      }
    };
    const clients = Array.from({ length: 8 }, client);
    await waitFor('load', () => complete.size > 50);
    const { stopped, answer } = await stopOneWorker(server);
    server.child.kill('SIGTERM');
    process.kill(stopped, 'SIGCONT');
    expect(await answer).toMatchObject({ status: 200, body: expect.stringContaining('process_cpu') });
    const { code } = await server.result;
    await Promise.all(clients);
    expect(code).toBe(0);
    const requestLines = parseLogLines(server, /incoming request/).filter(({ reqId = '' }) =>
      reqId.startsWith('load-'),
    );
    expect(requestLines.length).toBeGreaterThan(50);
    expect(requestLines.filter(({ reqId = '' }) => !complete.has(reqId))).toEqual([]);
    await expect(sendRequest(`${server.url}/healthz`)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the rate limit', () => {
  it('is one for all processes', async () => {
    const limit = 6;
    const server = await startCluster({ WORKERS: '2', RATE_LIMIT_PER_MINUTE: String(limit) });
    const responses: HttpResponse[] = [];
    const takers = new Set<number>();
    for (let n = 0; n < limit + 2; n += 1) {
      const id = `request-${n}`;
      responses.push(await sendRequest(`${server.url}/v1/events?limit=1`, { 'x-request-id': id }));
      takers.add(await waitFor('who answered', () => findHandlingPid(server, id)));
    }
    expect(takers.size).toBe(2);
    expect(responses.map(({ status, headers }) => [status, headers['ratelimit-remaining']])).toEqual([
      ...['5', '4', '3', '2', '1', '0'].map((left) => [200, left]),
      [429, '0'],
      [429, '0'],
    ]);
    expect(Number(responses.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    server.child.kill('SIGINT');
    expect((await server.result).code).toBe(0);
  });
});

describe('a sudden end', () => {
  it('comes with a second signal, whatever is in flight', async () => {
    const server = await startCluster({ WORKERS: '2' });
    const { answer } = await stopOneWorker(server);
    let hasEnded = false;
    const result = server.result.finally(() => {
      hasEnded = true;
    });
    await waitFor('the end', () => {
      if (!hasEnded) server.child.kill('SIGTERM');
      return hasEnded;
    });
    // Its output is closed: none of the processes that shared it is left.
    expect((await result).code).toBe(1);
    await expect(answer).rejects.toThrow();
  });

  it('is that of all when the first process is killed', async () => {
    const server = await startCluster({ WORKERS: '2' });
    server.child.kill('SIGKILL');
    await server.result;
    await expect(sendRequest(`${server.url}/healthz`)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a start that fails', () => {
  it('says what one process alone would say', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    const environment = { DATABASE_URL: createStoreUrl(), PORT: String(port) };
    const result = await startProcess(['src/main.ts'], environment).result;
    const several = await startProcess(['src/main.ts'], { ...environment, WORKERS: '2' }).result;
    blocker.close();
    expect(several).toEqual(result);
    expect([several.code, several.stdout]).toEqual([1, '']);
    expect(several.stderr).toBe(`listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
  });
});
