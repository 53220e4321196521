/** Several processes behind one port, started and stopped from outside. */

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

/** Sends a request on a connection of its own, so that each may reach another process. */
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

/** Returns the first truthy result of `getValue`. */
async function waitFor<T>(description: string, getValue: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const value = await getValue();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${description}`);
    await sleep(20);
  }
}

/** Line of the log, which is written a little after the event. */
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

/** Returns the processes that have listened so far, once there are at least `count`. */
const waitForListeners = (server: ServerProcess, count = 0): Promise<[number, ...number[]]> =>
  waitFor(`${count} listening processes`, () => {
    const pids = parseLogLines(server, /a worker is listening/).map(({ worker }) => worker as number);
    return pids.length > 0 && pids.length >= count ? (pids as [number, ...number[]]) : null;
  });
const findHandlingPid = (server: ServerProcess, id: string): number | undefined =>
  parseLogLines(server, /incoming request/).find(({ reqId }) => reqId === id)?.pid;

/** Returns a response of each of `count` processes to the same request, by process id. */
async function collectResponses(
  server: ServerProcess,
  path: string,
  count: number,
): Promise<Map<number, HttpResponse>> {
  const responses = new Map<number, HttpResponse>();
  await waitFor(`responses of ${count} processes`, async () => {
    const id = crypto.randomUUID();
    const response = await sendRequest(server.url + path, { 'x-request-id': id });
    responses.set(await waitFor('the process that responded', () => findHandlingPid(server, id)), response);
    return responses.size === count;
  });
  return responses;
}

/** Starts a server and waits for its startup message: by then the log names its processes. */
async function startCluster(environment: Record<string, string>): Promise<ServerProcess> {
  const defaults = { DATABASE_URL: createStoreUrl(), RATE_LIMIT_PER_MINUTE: '0', LOG_LEVEL: 'info' };
  const server = await startServerProcess({ ...defaults, ...environment });
  await waitFor('the startup message', () => GREETING.test(server.output.stdout));
  return server;
}

const GREETING = /^Summit Facts is running at .*$/m;

/** Stops a process with SIGSTOP; returns its id and a pending response that waits for it. */
async function stopOneWorker(
  server: ServerProcess,
): Promise<{ stopped: number; answer: Promise<HttpResponse> }> {
  const stoppedPid = (await waitForListeners(server)).at(-1) as number;
  process.kill(stoppedPid, 'SIGSTOP');
  // Even if the test fails, the process must be able to notice that the others have exited.
  const timer = setTimeout(() => process.kill(stoppedPid, 'SIGCONT'), DEADLINE_MS);
  void server.result.finally(() => clearTimeout(timer));
  // One of the two requests may reach the stopped process.
  const metricsRequests = ['metrics-1', 'metrics-2'].map((id) => ({
    id,
    answer: sendRequest(`${server.url}/metrics`, { 'x-request-id': id }),
  }));
  for (const { answer } of metricsRequests) answer.catch(() => {});
  const { answer } = await waitFor('a process that handles it', () =>
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
  it('print one startup message once all workers listen, and only workers respond', async () => {
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
  ])('return the same response with the same ETag: %s', async (path) => {
    const responses = [...(await collectResponses(server, path, WORKERS)).values()];
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    expect(new Set(responses.map(({ headers }) => headers.etag)).size).toBe(1);
    expect(new Set(responses.map(({ body }) => body)).size).toBe(1);
    expect(responses[0]?.headers.etag).toMatch(/^"/);
  });

  it('accept each other’s cursors', async () => {
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

  it('see an import by another process immediately', async () => {
    for (const id of ['first', 'second', 'third']) {
      const { revision } = await putDossier(server.url, key, buildEventDossier([{ id: `${id}-event` }], id));
      const responses = await collectResponses(server, `/v1/events/${id}-event`, WORKERS);
      for (const { body } of responses.values()) expect(JSON.parse(body)).toMatchObject({ revision });
    }
  });

  it('report metrics together, and keep counts when a worker exits and is replaced', async () => {
    const count = async () => {
      const { status, body } = await sendRequest(`${server.url}/metrics`);
      expect(status).toBe(200);
      const requestCount = /^http_request_duration_seconds_count\{.*"\/v1\/people".*\} (\d+)$/m.exec(body);
      return Number(requestCount?.[1] ?? 0);
    };
    const totalRequests = 4 * WORKERS;
    for (let n = 0; n < totalRequests; n += 1) await sendRequest(`${server.url}/v1/people`);
    // A response that the client has received may not have been counted yet.
    await waitFor('all requests to be counted', async () => (await count()) >= totalRequests);
    expect(await count()).toBe(totalRequests);

    const [victim] = await waitForListeners(server, WORKERS);
    process.kill(victim, 'SIGKILL');
    await waitFor(
      'the log line of the exit',
      () => parseLogLines(server, /a worker exited with SIGKILL/).length > 0,
    );
    const others = await collectResponses(server, '/healthz', WORKERS - 1);
    expect(others.has(victim)).toBe(false);
    const [, ...living] = await waitForListeners(server, WORKERS + 1);
    const responses = await collectResponses(server, '/healthz', WORKERS);
    expect([...responses.keys()].sort()).toEqual(living.sort());
    expect(await count()).toBe(totalRequests);
  });

  it('return to the same port when all have exited', async () => {
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

  it('exit after responding to all requests in flight', async () => {
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
  it('is shared by all processes', async () => {
    const limit = 6;
    const server = await startCluster({ WORKERS: '2', RATE_LIMIT_PER_MINUTE: String(limit) });
    const responses: HttpResponse[] = [];
    const handlingPids = new Set<number>();
    for (let n = 0; n < limit + 2; n += 1) {
      const id = `request-${n}`;
      responses.push(await sendRequest(`${server.url}/v1/events?limit=1`, { 'x-request-id': id }));
      handlingPids.add(await waitFor('the process that responded', () => findHandlingPid(server, id)));
    }
    expect(handlingPids.size).toBe(2);
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

describe('a forced shutdown', () => {
  it('follows a second signal, even with requests in flight', async () => {
    const server = await startCluster({ WORKERS: '2' });
    const { answer } = await stopOneWorker(server);
    let hasEnded = false;
    const result = server.result.finally(() => {
      hasEnded = true;
    });
    await waitFor('the exit', () => {
      if (!hasEnded) server.child.kill('SIGTERM');
      return hasEnded;
    });
    // The output is closed, so none of the processes that shared it is left.
    expect((await result).code).toBe(1);
    await expect(answer).rejects.toThrow();
  });

  it('ends all workers when the primary is killed', async () => {
    const server = await startCluster({ WORKERS: '2' });
    server.child.kill('SIGKILL');
    await server.result;
    await expect(sendRequest(`${server.url}/healthz`)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a failed start', () => {
  it('prints the same error as a single process', async () => {
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
