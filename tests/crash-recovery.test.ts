/**
 * `kill -9` while dossiers come in, at seeded points: nothing acknowledged is lost, nothing is half there. `KILLS=50`
 * for more of them, `FC_SEED` for the same again.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reindex } from '../src/store/import/reindex.ts';
import { openStore, type Store } from '../src/store/open.ts';
import { newStoreUrl, temporaryFolder } from './support/app.ts';
import { dossierOfEvents } from './support/dossier-builder.ts';
import { put, writerOf } from './support/dossier-client.ts';
import { derived } from './support/dump-derived-tables.ts';
import { run, serve } from './support/process.ts';

const KILLS = Number(process.env['KILLS'] ?? 5);
const KILLS_OF_A_STORE = 5;
const EVENTS = 40;
const DOSSIERS = 12;
/** From the first request, or from the start of the command: about as long as all of them take. */
const LONGEST_MS = { server: 1_200, command: 1_200 };

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
process.stdout.write(`kills at points of seed ${seed}\n`);

interface Kill {
  by: 'server' | 'command';
  /** Of the longest time. */
  share: number;
}

const kills = fc.sample(
  fc.record<Kill>({
    by: fc.constantFrom('server', 'command'),
    share: fc.noBias(fc.integer({ min: 0, max: 100 })).map((percent) => percent / 100),
  }),
  { seed, numRuns: KILLS },
);

const dossier = (id: string) =>
  dossierOfEvents(
    Array.from({ length: EVENTS }, (_, n) => ({ id: `${id}-${n}` })),
    id,
  );
const idsOf = (kill: number) => Array.from({ length: DOSSIERS }, (_, n) => `kill-${kill}-${n}`);

/** The revision that each dossier was said to have, until the end came. */
type Acknowledged = Map<string, number>;

async function killServer(url: string, key: string, ids: string[], after: number): Promise<Acknowledged> {
  const acknowledged: Acknowledged = new Map();
  const server = await serve({ DATABASE_URL: url, RATE_LIMIT_PER_MINUTE: '0' });
  const requests = ids.map(async (id) => {
    const receipt = await put(server.url, key, dossier(id));
    acknowledged.set(id, receipt.revision);
  });
  await sleep(after);
  server.child.kill('SIGKILL');
  await Promise.allSettled(requests);
  await server.finished;
  return acknowledged;
}

async function killCommand(url: string, ids: string[], after: number): Promise<Acknowledged> {
  const folder = temporaryFolder();
  for (const { id, source, facts } of ids.map(dossier)) {
    mkdirSync(join(folder, id));
    writeFileSync(join(folder, id, 'source.txt'), source);
    writeFileSync(join(folder, id, 'facts.yaml'), facts);
  }
  const command = run(['src/cli/main.ts', 'import', folder], { DATABASE_URL: url });
  await sleep(after);
  command.child.kill('SIGKILL');
  const { stdout } = await command.finished;
  return new Map(
    [...stdout.matchAll(/(kill-\S+): revision (\d+)/g)].map(([, id = '', n]) => [id, Number(n)]),
  );
}

/** Every dossier in the store by its revision, each whole. */
async function wholeDossiers(store: Store): Promise<Map<string, number>> {
  return store.read(async (db) => {
    const revisions = await db.selectFrom('revision').select('n').orderBy('n').execute();
    expect(revisions.map(({ n }) => n)).toEqual(revisions.map((_, index) => index + 1));
    const dossiers = await db.selectFrom('dossier').select(['id', 'rev_from']).execute();
    expect(dossiers.length).toBe(revisions.length);
    const facts = await db.selectFrom('fact').select(['document', 'row']).execute();
    const kept = Map.groupBy(facts, ({ document }) => document);
    for (const { id } of dossiers) {
      if (id.startsWith('kill-')) expect([id, kept.get(id)?.length]).toEqual([id, EVENTS + 1]);
    }
    expect(kept.size).toBe(dossiers.length);
    return new Map(dossiers.map(({ id, rev_from }) => [id, rev_from]));
  });
}

async function withStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(url);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

describe(`${KILLS} kills`, () => {
  const stores = Math.ceil(KILLS / KILLS_OF_A_STORE);
  it.each(Array.from({ length: stores }, (_, n) => n))('of those who write to store %i', async (n) => {
    const url = newStoreUrl();
    const key = await withStore(url, writerOf);
    const all: Acknowledged = new Map();
    for (const [index, { by, share }] of kills.entries()) {
      if (Math.floor(index / KILLS_OF_A_STORE) !== n) continue;
      const after = share * LONGEST_MS[by];
      const acknowledged =
        by === 'server'
          ? await killServer(url, key, idsOf(index), after)
          : await killCommand(url, idsOf(index), after);
      for (const [id, revision] of acknowledged) all.set(id, revision);
      const there = await withStore(url, wholeDossiers);
      for (const [id, revision] of all) expect([id, there.get(id)]).toEqual([id, revision]);
      process.stdout.write(
        `kill ${index + 1}: a ${by} after ${after.toFixed(0)} ms, ${acknowledged.size} of ${DOSSIERS} acknowledged\n`,
      );
    }
    await withStore(url, async (store) => {
      const before = await derived(store);
      await reindex(store);
      expect(await derived(store)).toEqual(before);
    });
  });
});
