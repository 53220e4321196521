/** Reading while others write, from this process and from three more: of one moment, and nothing half done. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openStore } from '../src/store/open.ts';
import type { Reader } from '../src/store/portable/index.ts';
import { appOn, get, idsAt, type Json, kept, newStoreUrl, temporaryFolder } from './support/app.ts';
import { dossierOfEvents } from './support/dossiers.ts';
import { cli } from './support/process.ts';

const PROCESSES = 3;
const EVENTS = 40;
/** Of each process its own, and two that all of them import, each in its own words. */
const OWN = 5;
const SHARED = ['shared-1', 'shared-2'];

/** A folder of dossiers in which every fact says whose it is. */
function dossiersOf(process: number): string {
  const folder = temporaryFolder();
  const own = Array.from({ length: OWN }, (_, n) => `own-${process}-${n}`);
  for (const id of [...SHARED, ...own]) {
    const events = Array.from({ length: EVENTS }, (_, n) => ({
      id: `${id}-${n}`,
      kind: `of-process-${process}`,
    }));
    const { source, facts } = dossierOfEvents(events, id);
    mkdirSync(join(folder, id));
    writeFileSync(join(folder, id, 'source.txt'), source);
    writeFileSync(join(folder, id, 'facts.yaml'), facts);
  }
  return folder;
}

describe('what is read in one go', () => {
  it('is of one moment, whatever is written meanwhile', async () => {
    const store = kept(await openStore(newStoreUrl()));
    const revisions = (db: Reader) => db.selectFrom('revision').select('n').execute();
    const record = (n: number) =>
      store.write((db) =>
        db.insertInto('revision').values({ n, recorded_at: '', author: '', note: '' }).execute(),
      );
    await record(1);
    const [before, meanwhile] = await store.read(async (db) => {
      const first = await revisions(db);
      await record(2);
      return [first, await revisions(db)];
    });
    expect([before, meanwhile]).toEqual([[{ n: 1 }], [{ n: 1 }]]);
    expect(await store.read(revisions)).toEqual([{ n: 1 }, { n: 2 }]);
  });
});

describe('imports from three processes at once', () => {
  it('make one revision after another, and no reader sees half of one', async () => {
    const url = newStoreUrl();
    const store = kept(await openStore(url));
    const app = await appOn(store);
    const imports = Array.from({ length: PROCESSES }, (_, n) =>
      cli(['import', '--note', `process ${n} says so`, dossiersOf(n)], { DATABASE_URL: url }),
    );
    let importing = true;
    const ended = Promise.all(imports).then((finished) => {
      importing = false;
      return finished;
    });

    let last = 0;
    const seen = new Set<number>();
    while (importing) {
      const { body } = await get(app, `/v1/events?limit=200&document=${SHARED[0]}&count=true`);
      const { revision, total } = body.meta;
      expect([0, EVENTS]).toContain(total);
      expect(new Set(body.data.map(({ kind }: Json) => kind)).size).toBeLessThanOrEqual(1);
      expect(revision).toBeGreaterThanOrEqual(last);
      // What a revision is, the facts of it can be counted on: each of them brought one dossier.
      const documents = await idsAt(app, '/v1/documents?limit=200');
      const events = await get(app, '/v1/events?limit=1&count=true');
      if (events.body.meta.revision === revision)
        expect(documents.length * EVENTS).toBe(events.body.meta.total);
      last = revision;
      seen.add(revision);
      // Nothing above waits for anything on SQLite: without this, nobody would hear that the imports have ended.
      await setImmediate();
    }

    const outputs = await ended;
    expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual(outputs.map(() => [0, '']));
    const made = outputs.flatMap(({ stdout }) =>
      [...stdout.matchAll(/revision (\d+)/g)].map(([, n]) => Number(n)),
    );
    const expected = PROCESSES * (OWN + SHARED.length);
    const gapless = Array.from({ length: expected }, (_, n) => n + 1);
    expect(made.sort((a, b) => a - b)).toEqual(gapless);
    const stored = await store.read((db) => db.selectFrom('revision').select('n').orderBy('n').execute());
    expect(stored.map(({ n }) => n)).toEqual(gapless);
    const { body } = await get(app, '/v1/events?limit=1&count=true');
    expect(body.meta.total).toBe((PROCESSES * OWN + SHARED.length) * EVENTS);
    // The reader has watched them come in, not only the end.
    expect(seen.size).toBeGreaterThan(3);
  });
});
