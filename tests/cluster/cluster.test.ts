/** Several processes behind one port, as they are started and ended from outside. */

import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open.ts';
import { newStoreUrl } from '../support/app.ts';
import { dossierOfEvents } from '../support/dossier-builder.ts';
import { put, writerOf } from '../support/dossier-client.ts';
import { run, type Server, serve } from '../support/process.ts';

const DEADLINE_MS = 30_000;

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Asks on a connection of its own, so that each request may come to another process. */
function ask(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
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
async function eventually<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`in vain: ${what}`);
    await sleep(20);
  }
}

/** Of the log, which comes a little after what it tells of. */
interface Line {
  pid: number;
  msg: string;
  reqId?: string;
  worker?: number;
}

const linesOf = ({ output }: Pick<Server, 'output'>, message: RegExp): Line[] =>
  output.stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ msg }) => message.test(msg));

/** The first `count` processes that listened, or all so far. */
const listeners = (server: Server, count = 0): Promise<[number, ...number[]]> =>
  eventually(`${count} processes that listen`, () => {
    const pids = linesOf(server, /a worker listens/).map(({ worker }) => worker as number);
    return pids.length > 0 && pids.length >= count ? (pids as [number, ...number[]]) : null;
  });
const taker = (server: Server, id: string): number | undefined =>
  linesOf(server, /incoming request/).find(({ reqId }) => reqId === id)?.pid;

/** An answer of each of `count` processes to the same question, by process. */
async function answersOfAll(server: Server, path: string, count: number): Promise<Map<number, Answer>> {
  const answers = new Map<number, Answer>();
  await eventually(`an answer of ${count} processes`, async () => {
    const id = crypto.randomUUID();
    const answer = await ask(server.url + path, { 'x-request-id': id });
    answers.set(await eventually('who answered', () => taker(server, id)), answer);
    return answers.size === count;
  });
  return answers;
}

/** A server that has greeted: the log tells before that where its processes are. */
async function start(environment: Record<string, string>): Promise<Server> {
  const defaults = { DATABASE_URL: newStoreUrl(), RATE_LIMIT_PER_MINUTE: '0', LOG_LEVEL: 'info' };
  const server = await serve({ ...defaults, ...environment });
  await eventually('the greeting', () => GREETING.test(server.output.stdout));
  return server;
}

const GREETING = /^Summit Facts is at .*$/m;

/** A process that neither answers nor hears of anything, and a request that another has taken, which waits for it. */
async function waiting(server: Server): Promise<{ stopped: number; answer: Promise<Answer> }> {
  const stopped = (await listeners(server)).at(-1) as number;
  process.kill(stopped, 'SIGSTOP');
  // Whatever becomes of the test, it must be able to hear that the others have ended.
  const timer = setTimeout(() => process.kill(stopped, 'SIGCONT'), DEADLINE_MS);
  void server.finished.finally(() => clearTimeout(timer));
  // One of them may come to the one that is stopped.
  const asked = ['metrics-1', 'metrics-2'].map((id) => ({
    id,
    answer: ask(`${server.url}/metrics`, { 'x-request-id': id }),
  }));
  for (const { answer } of asked) answer.catch(() => {});
  const { answer } = await eventually('a process that takes it', () =>
    asked.find(({ id }) => taker(server, id) !== undefined),
  );
  return { stopped, answer };
}

const WORKERS = 2;

describe(`${WORKERS} processes`, () => {
  const url = newStoreUrl();
  let key: string;
  let server: Server;
  beforeAll(async () => {
    const store = await openStore(url);
    key = await writerOf(store);
    await store.close();
    server = await start({ DATABASE_URL: url, WORKERS: String(WORKERS) });
  });
  it('greet once, when all listen, and are no one but those that answer', async () => {
    expect(server.output.stdout.match(new RegExp(GREETING, 'gm'))).toHaveLength(1);
    const answers = await answersOfAll(server, '/v1/events?limit=1', WORKERS);
    expect([...answers.keys()].sort()).toEqual((await listeners(server, WORKERS)).sort());
    expect(answers.has(server.child.pid as number)).toBe(false);
  });

  it.each([
    '/v1/events/war-in-ukraine',
    '/v1/events.csv',
    '/v1/statements.feed.json',
    '/openapi.yaml',
  ])('give the same answer, with the same ETag: %s', async (path) => {
    const answers = [...(await answersOfAll(server, path, WORKERS)).values()];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(new Set(answers.map(({ headers }) => headers.etag)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(answers[0]?.headers.etag).toMatch(/^"/);
  });

  it('go on with each other’s cursors', async () => {
    const ids: string[] = [];
    let next: string | null = '/v1/events?limit=2';
    while (next) {
      const { data, links } = JSON.parse((await ask(server.url + next)).body);
      ids.push(...data.map(({ id }: { id: string }) => id));
      next = links.next;
    }
    const { meta } = JSON.parse((await ask(`${server.url}/v1/events?count=true`)).body);
    expect([ids.length, new Set(ids).size]).toEqual([meta.total, meta.total]);
  });

  it('see at once what one of them has imported', async () => {
    for (const id of ['first', 'second', 'third']) {
      const { revision } = await put(server.url, key, dossierOfEvents([{ id: `${id}-event` }], id));
      const answers = await answersOfAll(server, `/v1/events/${id}-event`, WORKERS);
      for (const { body } of answers.values()) expect(JSON.parse(body)).toMatchObject({ revision });
    }
  });

  it('measure themselves together, and count on when one has ended and been replaced', async () => {
    const count = async () => {
      const { status, body } = await ask(`${server.url}/metrics`);
      expect(status).toBe(200);
      const counted = /^http_request_duration_seconds_count\{.*"\/v1\/people".*\} (\d+)$/m.exec(body);
      return Number(counted?.[1] ?? 0);
    };
    const asked = 4 * WORKERS;
    for (let n = 0; n < asked; n += 1) await ask(`${server.url}/v1/people`);
    // What a client has in hand may not have been counted yet.
    await eventually('all requests to be counted', async () => (await count()) >= asked);
    expect(await count()).toBe(asked);

    const [victim] = await listeners(server, WORKERS);
    process.kill(victim, 'SIGKILL');
    await eventually('a word of the end', () => linesOf(server, /a worker ended with SIGKILL/).length > 0);
    const others = await answersOfAll(server, '/healthz', WORKERS - 1);
    expect(others.has(victim)).toBe(false);
    const [, ...living] = await listeners(server, WORKERS + 1);
    const answers = await answersOfAll(server, '/healthz', WORKERS);
    expect([...answers.keys()].sort()).toEqual(living.sort());
    expect(await count()).toBe(asked);
  });

  it('come back at the same port when all have ended', async () => {
    const before = await listeners(server, WORKERS);
    const [told = 0, killed = 0] = before.slice(-WORKERS);
    expect([told, killed]).not.toContain(0);
    process.kill(told, 'SIGTERM');
    process.kill(killed, 'SIGKILL');
    const after = (await listeners(server, before.length + WORKERS)).slice(-WORKERS);
    expect(after).not.toEqual(expect.arrayContaining([told]));
    expect([...(await answersOfAll(server, '/healthz', WORKERS)).keys()].sort()).toEqual(after.sort());
  });

  it('end when everything in flight is answered', async () => {
    const complete = new Set<string>();
    let refused = 0;
    const client = async () => {
      while (refused === 0) {
        const id = `load-${crypto.randomUUID()}`;
        try {
          const { body } = await ask(`${server.url}/v1/events.csv`, { 'x-request-id': id });
          if (body.endsWith('\n')) complete.add(id);
        } catch {
          refused += 1;
        }
      }
    };
    const clients = Array.from({ length: 8 }, client);
    await eventually('load', () => complete.size > 50);
    const { stopped, answer } = await waiting(server);
    server.child.kill('SIGTERM');
    process.kill(stopped, 'SIGCONT');
    expect(await answer).toMatchObject({ status: 200, body: expect.stringContaining('process_cpu') });
    const { code } = await server.finished;
    await Promise.all(clients);
    expect(code).toBe(0);
    const taken = linesOf(server, /incoming request/).filter(({ reqId = '' }) => reqId.startsWith('load-'));
    expect(taken.length).toBeGreaterThan(50);
    expect(taken.filter(({ reqId = '' }) => !complete.has(reqId))).toEqual([]);
    await expect(ask(`${server.url}/healthz`)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('the rate limit', () => {
  it('is one for all processes', async () => {
    const limit = 6;
    const server = await start({ WORKERS: '2', RATE_LIMIT_PER_MINUTE: String(limit) });
    const answers: Answer[] = [];
    const takers = new Set<number>();
    for (let n = 0; n < limit + 2; n += 1) {
      const id = `request-${n}`;
      answers.push(await ask(`${server.url}/v1/events?limit=1`, { 'x-request-id': id }));
      takers.add(await eventually('who answered', () => taker(server, id)));
    }
    expect(takers.size).toBe(2);
    expect(answers.map(({ status, headers }) => [status, headers['ratelimit-remaining']])).toEqual([
      ...['5', '4', '3', '2', '1', '0'].map((left) => [200, left]),
      [429, '0'],
      [429, '0'],
    ]);
    expect(Number(answers.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
    server.child.kill('SIGINT');
    expect((await server.finished).code).toBe(0);
  });
});

describe('a sudden end', () => {
  it('comes with a second signal, whatever is in flight', async () => {
    const server = await start({ WORKERS: '2' });
    const { answer } = await waiting(server);
    let ended = false;
    const finished = server.finished.finally(() => {
      ended = true;
    });
    await eventually('the end', () => {
      if (!ended) server.child.kill('SIGTERM');
      return ended;
    });
    // Its output is closed: none of the processes that shared it is left.
    expect((await finished).code).toBe(1);
    await expect(answer).rejects.toThrow();
  });

  it('is that of all when the first process is killed', async () => {
    const server = await start({ WORKERS: '2' });
    server.child.kill('SIGKILL');
    await server.finished;
    await expect(ask(`${server.url}/healthz`)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('a start that fails', () => {
  it('says what one process alone would say', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const environment = { DATABASE_URL: newStoreUrl(), PORT: String(port) };
    const alone = await run(['src/main.ts'], environment).finished;
    const several = await run(['src/main.ts'], { ...environment, WORKERS: '2' }).finished;
    taken.close();
    expect(several).toEqual(alone);
    expect([several.code, several.stdout]).toEqual([1, '']);
    expect(several.stderr).toBe(`listen EADDRINUSE: address already in use 127.0.0.1:${port}\n`);
  });
});
