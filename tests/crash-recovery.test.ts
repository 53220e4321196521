/**
 * `kill -9` during imports, at seeded times: nothing acknowledged is lost, nothing is stored in part.
 * `KILLS=50` sets the number of kills, `FC_SEED` repeats a run.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reindex } from '../src/store/import/reindex.ts';
import { openStore, type Store } from '../src/store/open.ts';
import { createStoreUrl, createTemporaryFolder } from './support/app.ts';
import { buildEventDossier } from './support/dossier-builder.ts';
import { createWriteKey, putDossier } from './support/dossier-client.ts';
import { dumpDerivedTables } from './support/dump-derived-tables.ts';
import { startProcess, startServerProcess } from './support/process.ts';

const KILLS = Number(process.env['KILLS'] ?? 5);
const KILLS_PER_STORE = 5;
const EVENTS_PER_DOSSIER = 40;
const DOSSIERS_PER_KILL = 12;
/** Time from the first request, or from the start of the command: about as long as all imports take. */
const MAX_DURATION_MS = { server: 1_200, command: 1_200 };

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
process.stdout.write(`times of kills from seed ${seed}\n`);

interface Kill {
  target: 'server' | 'command';
  /** Share of the maximum duration. */
  durationShare: number;
}

const kills = fc.sample(
  fc.record<Kill>({
    target: fc.constantFrom('server', 'command'),
    durationShare: fc.noBias(fc.integer({ min: 0, max: 100 })).map((percent) => percent / 100),
  }),
  { seed, numRuns: KILLS },
);

const createDossier = (id: string) =>
  buildEventDossier(
    Array.from({ length: EVENTS_PER_DOSSIER }, (_, n) => ({ id: `${id}-${n}` })),
    id,
  );
const createIds = (kill: number) => Array.from({ length: DOSSIERS_PER_KILL }, (_, n) => `kill-${kill}-${n}`);

/** Revision of each dossier that was acknowledged before the kill. */
type AcknowledgedRevisions = Map<string, number>;

async function killServer(
  url: string,
  key: string,
  ids: string[],
  delayMs: number,
): Promise<AcknowledgedRevisions> {
  const acknowledged: AcknowledgedRevisions = new Map();
  const server = await startServerProcess({ DATABASE_URL: url, RATE_LIMIT_PER_MINUTE: '0' });
  const requests = ids.map(async (id) => {
    const receipt = await putDossier(server.url, key, createDossier(id));
    acknowledged.set(id, receipt.revision);
  });
  await sleep(delayMs);
  server.child.kill('SIGKILL');
  await Promise.allSettled(requests);
  await server.result;
  return acknowledged;
}

async function killCommand(url: string, ids: string[], delayMs: number): Promise<AcknowledgedRevisions> {
  const folder = createTemporaryFolder();
  for (const { id, source, facts } of ids.map(createDossier)) {
    mkdirSync(join(folder, id));
    writeFileSync(join(folder, id, 'source.txt'), source);
    writeFileSync(join(folder, id, 'facts.yaml'), facts);
  }
  const command = startProcess(['src/cli/main.ts', 'import', folder], { DATABASE_URL: url });
  await sleep(delayMs);
  command.child.kill('SIGKILL');
  const { stdout } = await command.result;
  return new Map(
    [...stdout.matchAll(/(kill-\S+): revision (\d+)/g)].map(([, id = '', n]) => [id, Number(n)]),
  );
}

/** Reads the revision of every dossier in the store, and expects each to be complete. */
async function readCompleteDossiers(store: Store): Promise<Map<string, number>> {
  return store.read(async (db) => {
    const revisions = await db.selectFrom('revision').select('n').orderBy('n').execute();
    expect(revisions.map(({ n }) => n)).toEqual(revisions.map((_, index) => index + 1));
    const dossiers = await db.selectFrom('dossier').select(['id', 'rev_from']).execute();
    expect(dossiers.length).toBe(revisions.length);
    const facts = await db.selectFrom('fact').select(['document', 'row']).execute();
    const factsByDocument = Map.groupBy(facts, ({ document }) => document);
    for (const { id } of dossiers) {
      if (id.startsWith('kill-'))
        expect([id, factsByDocument.get(id)?.length]).toEqual([id, EVENTS_PER_DOSSIER + 1]);
    }
    expect(factsByDocument.size).toBe(dossiers.length);
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
  const stores = Math.ceil(KILLS / KILLS_PER_STORE);
  it.each(Array.from({ length: stores }, (_, n) => n))('lose nothing in store %i', async (n) => {
    const url = createStoreUrl();
    const key = await withStore(url, createWriteKey);
    const all: AcknowledgedRevisions = new Map();
    for (const [index, { target, durationShare }] of kills.entries()) {
      if (Math.floor(index / KILLS_PER_STORE) !== n) continue;
      const delayMs = durationShare * MAX_DURATION_MS[target];
      const acknowledged =
        target === 'server'
          ? await killServer(url, key, createIds(index), delayMs)
          : await killCommand(url, createIds(index), delayMs);
      for (const [id, revision] of acknowledged) all.set(id, revision);
      const completeDossiers = await withStore(url, readCompleteDossiers);
      for (const [id, revision] of all) expect([id, completeDossiers.get(id)]).toEqual([id, revision]);
      process.stdout.write(
        `kill ${index + 1}: a ${target} after ${delayMs.toFixed(0)} ms, ${acknowledged.size} of ${DOSSIERS_PER_KILL} acknowledged\n`,
      );
    }
    await withStore(url, async (store) => {
      const before = await dumpDerivedTables(store);
      await reindex(store);
      expect(await dumpDerivedTables(store)).toEqual(before);
    });
  });
});
