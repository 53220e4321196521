/** What others wait while two clients ask, without a pause, what looks through the whole store. */
import { setTimeout as sleep } from 'node:timers/promises';
import { resources } from '../../src/model/types/index.ts';
import { ask } from '../http-client.ts';
import { questionsOn } from '../request-generator.ts';
import type { Running } from '../spawn-server.ts';
import { startServer } from '../start-server.ts';
import { percentile, spreadOf } from '../stats.ts';
import { storeWith, type Workload, withRunning } from './context.ts';

const CLIENTS = 2;
/** One request of the others is sent this often, whether or not those before have been answered. */
const EVERY_MS = 10;
const WARM_UP_MS = 5_000;
/** Words that very many facts hold. */
const FREQUENT = ['plan', 'grain', 'the', 'of', 'on', 'would', 'will'];

/** The server is not held to one core here, as a thread of its own does the looking. */
export const scans: Workload = async (context) => {
  const { rounds, seconds, facts, tell } = context;
  const store = await storeWith(context, facts);
  if (!store) return [];
  const question = questionsOf(store);
  return withRunning([() => startServer(store)], async ([server]) => {
    const { url } = server as Running;
    const times = { alone: [] as number[], beside: [] as number[] };
    const answered: number[] = [];
    await othersWait(url, question, WARM_UP_MS);
    for (let round = 1; round <= rounds; round += 1) {
      // Twice as long: a hundredth of the requests is what counts.
      times.alone.push(await othersWait(url, question, seconds * 2_000));
      const scanning = scanWithoutPause(url);
      times.beside.push(await othersWait(url, question, seconds * 2_000));
      answered.push(await scanning.end());
      tell(`scans of ${facts} facts: round ${round} of ${rounds}`);
    }
    return [
      {
        title: `Pages, facts and repeated pages while ${CLIENTS} clients ask for facets and searches, p99`,
        facts,
        unit: 'ms',
        ours: times.beside,
        other: { name: 'the same with nothing else to do', values: times.alone },
        target: { most: 3 },
        note: `${spreadOf(answered).median} facets and searches answered in a round`,
      },
    ];
  });
};

/** Pages, items and one page again and again, in turn, never anything else twice. */
function questionsOf(store: string): () => string {
  const { pages, items } = questionsOn(store);
  let n = 0;
  return () => {
    n += 1;
    return [pages.at(n), items.at(n % items.count), '/v1/statements?limit=20'][n % 3] as string;
  };
}

/** The time that 99 of 100 did not wait longer than, from when they were to be sent. */
async function othersWait(url: string, question: () => string, ms: number): Promise<number> {
  const times: number[] = [];
  const asked: Promise<void>[] = [];
  const began = performance.now();
  for (let due = began; due < began + ms; due += EVERY_MS) {
    await sleep(Math.max(0, due - performance.now()));
    asked.push(askWithin(url + question()).then(() => void times.push(performance.now() - due)));
  }
  await Promise.all(asked);
  return percentile(times, 0.99);
}

async function askWithin(url: string): Promise<void> {
  const { status, body } = await ask(url);
  if (status !== 200) throw new Error(`${url} answers ${status}: ${body}`);
}

let scansAsked = 0;

/** Gives how many were answered. */
function scanWithoutPause(url: string): { end: () => Promise<number> } {
  let [working, answered] = [true, 0];
  const client = async () => {
    while (working) {
      await askWithin(url + scanNumber(scansAsked++));
      answered += 1;
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  // Whoever waits for the end is told.
  clients.catch(() => {});
  return {
    end: async () => {
      working = false;
      await clients;
      return answered;
    },
  };
}

/** Facets and searches in turn, each another one. */
export function scanNumber(n: number): string {
  const limit = 1 + (Math.floor(n / (2 * FREQUENT.length)) % 200);
  if (n % 2 === 0) return `/v1/search?limit=${limit}&q=${FREQUENT[(n >> 1) % FREQUENT.length]}`;
  const { collection, facetNames } = resources[(n >> 1) % resources.length] as (typeof resources)[number];
  return `/v1/${collection}/facets?by=${facetNames[0]}&limit=${1 + (Math.floor(n / (2 * resources.length)) % 200)}`;
}
