/** Reads during concurrent imports by servers and commands: one snapshot, nothing partial, nothing lost. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { DossierFiles } from '../src/dossier/validate.ts';
import type { Reader } from '../src/store/database.ts';
import { openStore } from '../src/store/open.ts';
import {
  closeAfterTests,
  createApp,
  createStore,
  createStoreUrl,
  createTemporaryFolder,
  get,
  getIds,
  importInto,
  type Json,
} from './support/app.ts';
import { buildEventDossier } from './support/dossier-builder.ts';
import { createWriteKey, putDossier } from './support/dossier-client.ts';
import { runCli, startServerProcess } from './support/process.ts';

const SERVERS = 2;
const IMPORTS_PER_SERVER = 60;
const COMMANDS = 4;
/** Number of a command's own dossiers. All commands also import two shared ones, with their own facts. */
const IMPORTS_PER_COMMAND = 18;
const SHARED_IDS = ['shared-1', 'shared-2'];
const TOTAL_IMPORTS = SERVERS * IMPORTS_PER_SERVER + COMMANDS * (IMPORTS_PER_COMMAND + SHARED_IDS.length);
const EVENTS_PER_DOSSIER = 12;

/** Builds a dossier in which every fact names its owner. */
const buildOwnedDossier = (owner: string, id: string): DossierFiles =>
  buildEventDossier(
    Array.from({ length: EVENTS_PER_DOSSIER }, (_, n) => ({ id: `${id}-${n}`, kind: `of-${owner}` })),
    id,
  );

function writeCommandFolder(command: string): string {
  const folder = createTemporaryFolder();
  const ownIds = Array.from({ length: IMPORTS_PER_COMMAND }, (_, n) => `${command}-${n}`);
  for (const id of [...SHARED_IDS, ...ownIds]) {
    const { source, facts } = buildOwnedDossier(command, id);
    mkdirSync(join(folder, id));
    writeFileSync(join(folder, id, 'source.txt'), source);
    writeFileSync(join(folder, id, 'facts.yaml'), facts);
  }
  return folder;
}

describe('a read', () => {
  it('sees one snapshot, even if others write meanwhile', async () => {
    const store = closeAfterTests(await openStore(createStoreUrl()));
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

describe(`${TOTAL_IMPORTS} concurrent imports by servers and commands`, () => {
  it('add one revision after another, lose none, and are never visible in part', async () => {
    const url = createStoreUrl();
    const store = closeAfterTests(await openStore(url));
    const app = await createApp(store);
    const key = await createWriteKey(store);
    const environment = { DATABASE_URL: url, RATE_LIMIT_PER_MINUTE: '0' };
    const servers = await Promise.all(Array.from({ length: SERVERS }, () => startServerProcess(environment)));
    // The servers have seeded the first dossier.
    const countRows = async () => {
      const documents = (await get(app, '/v1/documents?limit=1&count=true')).body.meta;
      const events = (await get(app, '/v1/events?limit=1&count=true')).body.meta;
      return { documents, events };
    };
    const before = await countRows();
    const commands = Array.from({ length: COMMANDS }, (_, n) =>
      runCli(['import', '--note', `command ${n} says so`, writeCommandFolder(`command-${n}`)], environment),
    );
    const requests = servers.flatMap((server, s) =>
      Array.from({ length: IMPORTS_PER_SERVER }, (_, n) =>
        putDossier(server.url, key, buildOwnedDossier(`server-${s}`, `server-${s}-${n}`)),
      ),
    );
    let importing = true;
    const allImports = Promise.all([Promise.all(commands), Promise.all(requests)]).finally(() => {
      importing = false;
    });

    let last = 0;
    const seenRevisions = new Set<number>();
    while (importing) {
      const { body } = await get(app, `/v1/events?limit=200&document=${SHARED_IDS[0]}&count=true`);
      const { revision, total } = body.meta;
      expect([0, EVENTS_PER_DOSSIER]).toContain(total);
      expect(new Set(body.data.map(({ kind }: Json) => kind)).size).toBeLessThanOrEqual(1);
      expect(revision).toBeGreaterThanOrEqual(last);
      // Each revision imported one dossier, so its number of documents determines its number of facts.
      const { documents, events } = await countRows();
      if (events.revision === documents.revision) {
        expect(events.total - before.events.total).toBe(
          (documents.total - before.documents.total) * EVENTS_PER_DOSSIER,
        );
      }
      last = revision;
      seenRevisions.add(revision);
      // On SQLite nothing above yields to the event loop: without this, the loop would never end.
      await setImmediate();
    }

    const [results, receipts] = await allImports;
    expect(results.map(({ code, stderr }) => [code, stderr])).toEqual(results.map(() => [0, '']));
    const acknowledged = [
      ...receipts.map(({ revision }) => revision),
      ...results.flatMap(({ stdout }) => [...stdout.matchAll(/revision (\d+)/g)].map(([, n]) => Number(n))),
    ];
    const expectedRevisions = Array.from({ length: TOTAL_IMPORTS }, (_, n) => before.events.revision + n + 1);
    expect(acknowledged.sort((a, b) => a - b)).toEqual(expectedRevisions);
    const storedDossiers = await store.read((db) =>
      db.selectFrom('revision').select(['n', 'recorded_at']).orderBy('n').execute(),
    );
    expect(storedDossiers.map(({ n }) => n)).toEqual([before.events.revision, ...expectedRevisions]);
    expect(storedDossiers.map((each) => each.recorded_at)).toEqual(
      storedDossiers.map((each) => each.recorded_at).sort(),
    );
    const ids = await getIds(app, '/v1/dossiers?limit=200');
    for (const { id } of receipts) expect(ids).toContain(id);
    const expected = TOTAL_IMPORTS - SHARED_IDS.length * (COMMANDS - 1);
    const after = await countRows();
    expect(after.documents.total - before.documents.total).toBe(expected);
    expect(after.events.total - before.events.total).toBe(expected * EVENTS_PER_DOSSIER);
    // The reader has seen revisions during the imports, not only the last one.
    expect(seenRevisions.size).toBeGreaterThan(3);
    for (const { child } of servers) child.kill('SIGTERM');
    expect((await Promise.all(servers.map((server) => server.result))).map(({ code }) => code)).toEqual([
      0, 0,
    ]);
  });
});

describe('a clock that is set back', () => {
  it('changes neither the order nor the ascending times of revisions', async () => {
    const store = await createStore();
    const app = await createApp(store);
    const clockAt = (instant: string) => ({ now: () => new Date(instant) });
    await importInto(store, buildOwnedDossier('a', 'a'), clockAt('2031-05-02T10:00:00Z'));
    await importInto(store, buildOwnedDossier('b', 'b'), clockAt('2031-05-02T09:00:00Z'));
    await importInto(store, buildOwnedDossier('c', 'c'), clockAt('2031-05-02T10:00:01Z'));
    const { body } = await get(app, '/v1/revisions');
    expect(body.data.map(({ revision, recordedAt }: Json) => [revision, recordedAt])).toEqual([
      [3, '2031-05-02T10:00:01.000Z'],
      [2, '2031-05-02T10:00:00.000Z'],
      [1, '2031-05-02T10:00:00.000Z'],
    ]);
    expect(await getIds(app, '/v1/dossiers?asOf=2031-05-02T10:00:00Z')).toEqual(['a', 'b']);
    const early = await get(app, '/v1/dossiers?asOf=2031-05-02T09:30:00Z');
    expect([early.status, early.body.code]).toEqual([400, 'invalid-parameter']);
    const { headers } = await get(app, '/v1/events');
    await importInto(store, buildOwnedDossier('d', 'd'), clockAt('2031-05-01T00:00:00Z'));
    const since = { 'if-modified-since': headers['last-modified'] as string };
    expect((await get(app, '/v1/events', since)).status).toBe(200);
  });
});
