/** Reading while others write, from servers and commands: of one moment, nothing half done, nothing lost. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DossierFiles } from '../src/dossier/validate.ts';
import type { Reader } from '../src/store/database.ts';
import { openStore } from '../src/store/open.ts';
import {
  appOn,
  emptyStore,
  get,
  idsAt,
  importInto,
  type Json,
  kept,
  newStoreUrl,
  temporaryFolder,
} from './support/app.ts';
import { dossierOfEvents } from './support/dossier-builder.ts';
import { put, writerOf } from './support/dossier-client.ts';
import { cli, serve } from './support/process.ts';

const SERVERS = 2;
const BY_SERVER = 60;
const COMMANDS = 4;
/** Of each command its own, and two that all of them import, each in its own words. */
const BY_COMMAND = 18;
const SHARED = ['shared-1', 'shared-2'];
const IMPORTS = SERVERS * BY_SERVER + COMMANDS * (BY_COMMAND + SHARED.length);
const EVENTS = 12;

/** A dossier in which every fact says whose it is. */
const dossierBy = (whose: string, id: string): DossierFiles =>
  dossierOfEvents(
    Array.from({ length: EVENTS }, (_, n) => ({ id: `${id}-${n}`, kind: `of-${whose}` })),
    id,
  );

function folderOf(command: string): string {
  const folder = temporaryFolder();
  const own = Array.from({ length: BY_COMMAND }, (_, n) => `${command}-${n}`);
  for (const id of [...SHARED, ...own]) {
    const { source, facts } = dossierBy(command, id);
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

describe(`${IMPORTS} imports by servers and commands at once`, () => {
  it('make one revision after another, none is lost, and no reader sees half of one', async () => {
    const url = newStoreUrl();
    const store = kept(await openStore(url));
    const app = await appOn(store);
    const key = await writerOf(store);
    const environment = { DATABASE_URL: url, RATE_LIMIT_PER_MINUTE: '0' };
    const servers = await Promise.all(Array.from({ length: SERVERS }, () => serve(environment)));
    // The servers have brought the first dossier.
    const counted = async () => {
      const documents = (await get(app, '/v1/documents?limit=1&count=true')).body.meta;
      const events = (await get(app, '/v1/events?limit=1&count=true')).body.meta;
      return { documents, events };
    };
    const before = await counted();
    const commands = Array.from({ length: COMMANDS }, (_, n) =>
      cli(['import', '--note', `command ${n} says so`, folderOf(`command-${n}`)], environment),
    );
    const requests = servers.flatMap((server, s) =>
      Array.from({ length: BY_SERVER }, (_, n) =>
        put(server.url, key, dossierBy(`server-${s}`, `server-${s}-${n}`)),
      ),
    );
    let importing = true;
    const ended = Promise.all([Promise.all(commands), Promise.all(requests)]).finally(() => {
      importing = false;
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
      const { documents, events } = await counted();
      if (events.revision === documents.revision) {
        expect(events.total - before.events.total).toBe((documents.total - before.documents.total) * EVENTS);
      }
      last = revision;
      seen.add(revision);
      // Nothing above waits for anything on SQLite: without this, nobody would hear that the imports have ended.
      await setImmediate();
    }

    const [finished, receipts] = await ended;
    expect(finished.map(({ code, stderr }) => [code, stderr])).toEqual(finished.map(() => [0, '']));
    const acknowledged = [
      ...receipts.map(({ revision }) => revision),
      ...finished.flatMap(({ stdout }) => [...stdout.matchAll(/revision (\d+)/g)].map(([, n]) => Number(n))),
    ];
    const gapless = Array.from({ length: IMPORTS }, (_, n) => before.events.revision + n + 1);
    expect(acknowledged.sort((a, b) => a - b)).toEqual(gapless);
    const stored = await store.read((db) =>
      db.selectFrom('revision').select(['n', 'recorded_at']).orderBy('n').execute(),
    );
    expect(stored.map(({ n }) => n)).toEqual([before.events.revision, ...gapless]);
    expect(stored.map((each) => each.recorded_at)).toEqual(stored.map((each) => each.recorded_at).sort());
    const ids = await idsAt(app, '/v1/dossiers?limit=200');
    for (const { id } of receipts) expect(ids).toContain(id);
    const expected = IMPORTS - SHARED.length * (COMMANDS - 1);
    const after = await counted();
    expect(after.documents.total - before.documents.total).toBe(expected);
    expect(after.events.total - before.events.total).toBe(expected * EVENTS);
    // The reader has watched them come in, not only the end.
    expect(seen.size).toBeGreaterThan(3);
    for (const { child } of servers) child.kill('SIGTERM');
    expect((await Promise.all(servers.map((server) => server.finished))).map(({ code }) => code)).toEqual([
      0, 0,
    ]);
  });
});

describe('a clock that is set back', () => {
  it('neither unsettles the order of revisions nor when they were recorded', async () => {
    const store = await emptyStore();
    const app = await appOn(store);
    const at = (instant: string) => ({ now: () => new Date(instant) });
    await importInto(store, dossierBy('a', 'a'), at('2031-05-02T10:00:00Z'));
    await importInto(store, dossierBy('b', 'b'), at('2031-05-02T09:00:00Z'));
    await importInto(store, dossierBy('c', 'c'), at('2031-05-02T10:00:01Z'));
    const { body } = await get(app, '/v1/revisions');
    expect(body.data.map(({ revision, recordedAt }: Json) => [revision, recordedAt])).toEqual([
      [3, '2031-05-02T10:00:01.000Z'],
      [2, '2031-05-02T10:00:00.000Z'],
      [1, '2031-05-02T10:00:00.000Z'],
    ]);
    expect(await idsAt(app, '/v1/dossiers?asOf=2031-05-02T10:00:00Z')).toEqual(['a', 'b']);
    const early = await get(app, '/v1/dossiers?asOf=2031-05-02T09:30:00Z');
    expect([early.status, early.body.code]).toEqual([400, 'invalid-parameter']);
    const { headers } = await get(app, '/v1/events');
    await importInto(store, dossierBy('d', 'd'), at('2031-05-01T00:00:00Z'));
    const since = { 'if-modified-since': headers['last-modified'] as string };
    expect((await get(app, '/v1/events', since)).status).toBe(200);
  });
});
