/** Archives: their contents, their omissions, and their delivery. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { csvParseRows } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { getColumns } from '../../src/formats/table-columns.ts';
import { EXPORT_TIMEOUT_MS } from '../../src/http/limits.ts';
import { factTypes, getFactType } from '../../src/model/types/index.ts';
import { createKey } from '../../src/store/api-keys.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import type { Store } from '../../src/store/open.ts';
import {
  createApp,
  createSqliteStore,
  createStore,
  createTemporaryFolder,
  followPages,
  get,
  importInto,
  type Json,
} from '../support/app.ts';
import {
  type Download,
  download,
  openDownloadedDatabase,
  parseGzippedNdjson,
  readTables,
} from '../support/archive.ts';
import { onTestFileEnd } from '../support/cleanup.ts';
import { buildDossier, buildDossierHistory, buildEventDossier } from '../support/dossier-builder.ts';

const SQLITE_URL = '/v1/exports/summit-facts.sqlite';
const NDJSON_URL = '/v1/exports/summit-facts.ndjson.gz';
const ARCHIVE_URLS = [SQLITE_URL, NDJSON_URL];

/** Dossier whose rights allow only excerpts: the words that support the event. */
const EXCERPTS_DOSSIER = buildDossier({
  id: 'excerpts',
  source:
    'A visitation takes place in Kuldiga. Nobody expected the quicksilver zeppelin over the Venta rapids.',
  document: { rights: { statement: 'All rights reserved', display: 'excerpts' } },
  facts: [
    {
      type: 'event',
      id: 'visitation',
      name: 'visitation',
      kind: 'meeting',
      status: 'held',
      evidence: [{ quote: 'A visitation takes place', supports: ['name', 'kind', 'status'] }],
    },
  ],
  uncovered: [{ quote: 'Nobody expected the quicksilver zeppelin over the Venta rapids.', reason: 'idle' }],
});
const HIDDEN_WORDS = ['zeppelin', 'Venta rapids'];
/** Earlier form of the same dossier, whose rights still allow everyone to read all of it. */
const PUBLIC_DOSSIER = {
  ...EXCERPTS_DOSSIER,
  facts: EXCERPTS_DOSSIER.facts.replace('display: excerpts', 'display: full'),
};

const awkwardDossier = buildEventDossier(
  [
    { id: 'a', name: 'Quoted "so"; and so, on', agenda: ['Ünder, "quoted" & <signed>', '=1+1', '🗳️'] },
    { id: 'b', name: '=cmd', place: null },
  ],
  'awkward',
);

async function importHistory(store: Store): Promise<Store> {
  let second = 0;
  const now = () => new Date(Date.UTC(2031, 4, 2, 10, 0, second++));
  for (const files of [...buildDossierHistory(), EXCERPTS_DOSSIER, awkwardDossier])
    await importInto(store, files, { now });
  return store;
}

let store: Store;
let app: FastifyInstance;
let secret: string;
let files: { sqlite: Download; ndjson: Download };
beforeAll(async () => {
  store = await importHistory(await createStore());
  secret = (await createKey(store, { name: 'a newsroom', scopes: ['write'], expiresAt: null })).key;
  app = await createApp(store);
  files = { sqlite: await download(app, SQLITE_URL), ndjson: await download(app, NDJSON_URL) };
});

const getViewName = (collection: string) => `v_${collection.replaceAll('-', '_')}`;

/** Formats a SQLite value as the CSV does. */
const toCsvCell = (value: unknown, kind: string): string => {
  if (value === null) return '';
  return kind === 'boolean' ? String(value === 1) : String(value);
};

describe('the SQLite file', () => {
  it.each(
    factTypes.map((factType) => [factType.collection, factType] as const),
  )('has the same cells for %s as their CSV', async (collection, factType) => {
    const { body } = await get(app, `/v1/${collection}.csv?include=retracted&escapeFormulas=false`);
    const [header, ...rows] = csvParseRows(body) as [string[], ...string[][]];
    const columns = getColumns(factType);
    const view = openDownloadedDatabase(files.sqlite).prepare(
      `select * from ${getViewName(collection)} order by id`,
    );
    expect(view.columns().map(({ name }) => name)).toEqual(header);
    const cells = (view.raw().all() as unknown[][]).map((row) =>
      row.map((value, index) =>
        toCsvCell(value, columns[index]?.isList ? 'list' : (columns[index]?.kind ?? '')),
      ),
    );
    expect(cells.length).toBeGreaterThan(0);
    expect(cells).toEqual(rows);
  });

  it('has one row for each entry of every list that the CSV joins', () => {
    const database = openDownloadedDatabase(files.sqlite);
    const views = database
      .prepare("select name from sqlite_schema where type = 'view'")
      .pluck()
      .all() as string[];
    let valueCount = 0;
    for (const factType of factTypes) {
      const type = factType.type.replaceAll('-', '_');
      for (const view of views.filter((name) => name.startsWith(`v_${type}_`))) {
        const entries = database.prepare(`select * from ${view} order by ${type}_id, position`);
        const columnNames = entries.columns().map(({ name }) => name);
        expect(new Set(columnNames).size).toBe(columnNames.length);
        const byFact = Map.groupBy(entries.all() as Json[], (row) => row[`${type}_id`]);
        for (const fact of database
          .prepare(`select * from ${getViewName(factType.collection)}`)
          .all() as Json[]) {
          for (const { name, path } of getColumns(factType).filter((column) =>
            columnNames.includes(column.name),
          )) {
            if (!path) continue;
            const values = (byFact.get(fact.id) ?? []).map((row) => row[name]);
            const cells = name === 'part_quoted' ? values.map((value) => String(value === 1)) : values;
            const joinedValue = cells.map((value) => value ?? '').join('; ');
            expect([view, fact.id, name, joinedValue]).toEqual([
              view,
              fact.id,
              name,
              fact[name] ?? joinedValue.replaceAll(/[^; ]/g, ''),
            ]);
            valueCount += cells.length;
          }
        }
      }
    }
    expect(valueCount).toBeGreaterThan(200);
  });

  it('joins statements with speakers and evidence', () => {
    const rows = openDownloadedDatabase(files.sqlite)
      .prepare(
        `select s.speaker, v.text, e.source_quote, e.source, e.source_start from v_statement_speakers s
           join v_statements v on v.id = s.statement_id
           join v_evidence e on e.type = 'statement' and e.id = v.id
         where s.speaker_id = 'jens-stoltenberg' and e.source_quote like '%nature%' order by v.id`,
      )
      .all();
    expect(rows[0]).toMatchObject({
      speaker: 'Jens Stoltenberg',
      source_quote: expect.stringContaining('fundamentally change the nature'),
      source: expect.stringContaining('Biden joins NATO'),
    });
  });

  it('has the same facts, evidence, inferences, references and history as the API', async () => {
    const rows = readTables(files.sqlite);
    for (const { type, collection } of factTypes) {
      const facts = await followPages(app, `/v1/${collection}?include=retracted&limit=200`);
      const bodies = rows['fact']?.filter((row) => row.type === type).map(({ body }) => JSON.parse(body));
      expect(bodies).toEqual(facts);
      for (const { id, evidence = [], inferences } of facts) {
        const selectRows = (table: string) => rows[table]?.filter(({ fact }) => fact === `${type}/${id}`);
        expect(selectRows('evidence')?.map(({ exact, start_at }) => [exact, start_at])).toEqual(
          evidence.map(({ exact, start }: Json) => [exact, start]),
        );
        expect(selectRows('inference')?.map(({ note }) => note)).toEqual(
          inferences.map(({ note }: Json) => note),
        );
      }
    }
    for (const to of ['country/russia', 'person/joe-biden', 'event/war-in-ukraine']) {
      const { collection } = getFactType(to.split('/')[0] as string);
      const { data } = (await get(app, `/v1/${collection}/${to.split('/')[1]}/references?limit=200`)).body;
      const referring = rows['reference']?.filter(({ to_fact }) => to_fact === to).map(({ fact }) => fact);
      expect(new Set(referring)).toEqual(new Set(data.map(({ type, id }: Json) => `${type}/${id}`)));
      expect(data.length).toBeGreaterThan(1);
    }
    const changes = await followPages(app, '/v1/changes?limit=200');
    expect(rows['change']?.map(({ fields, op, id }) => [id, op, JSON.parse(fields)])).toEqual(
      changes.map(({ fact, op, fields }) => [fact.id, op, fields]),
    );
    const revisions = await followPages(app, '/v1/revisions?limit=200');
    expect(rows['revision']?.map(({ n }) => n).reverse()).toEqual(revisions.map(({ revision }) => revision));
  });

  it('passes integrity and foreign key checks at every revision, and every view is readable', async () => {
    const n = Number(files.sqlite.headers['summit-facts-revision']);
    expect(n).toBeGreaterThan(8);
    for (let revision = 1; revision <= n; revision += 1) {
      const database = openDownloadedDatabase(await download(app, `${SQLITE_URL}?asOf=${revision}`));
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.pragma('foreign_key_check')).toEqual([]);
      expect(database.pragma('user_version', { simple: true })).toBe(1);
      expect(database.prepare('select max(n) from revision').pluck().get()).toBe(revision);
      for (const view of database.prepare("select name from sqlite_schema where type = 'view'").pluck().all())
        expect(() => database.prepare(`select * from "${view}"`).all()).not.toThrow();
    }
    // Bytes 18 and 19 of the header are 2 if the file needs a write-ahead log next to it.
    expect([...files.sqlite.bytes.subarray(18, 20)]).toEqual([1, 1]);
  });

  it('has the same contents from SQLite and PostgreSQL', async () => {
    const other = await createApp(await importHistory(await createSqliteStore()));
    expect(readTables(await download(other, SQLITE_URL))).toEqual(readTables(files.sqlite));
    expect(parseGzippedNdjson(await download(other, NDJSON_URL))).toEqual(parseGzippedNdjson(files.ndjson));
  });
});

describe('the NDJSON file', () => {
  it('has all data as in the API, in the documented order', async () => {
    const [head, ...lines] = parseGzippedNdjson(files.ndjson);
    const { revision, recordedAt } = (await get(app, '/v1/revisions?limit=1')).body.data[0];
    expect(head).toMatchObject({ type: 'export', revision, recordedAt, contract: expect.any(String) });
    const addType = (type: string, all: Json[]) => all.map((each) => ({ type, ...each }));
    const facts = [];
    for (const { collection } of factTypes)
      facts.push(...(await followPages(app, `/v1/${collection}?include=retracted&limit=200`)));
    const documents = facts.filter(({ type, rights }) => type === 'document' && rights.display === 'full');
    const texts = [];
    for (const { id } of documents)
      texts.push({ document: id, text: (await get(app, `/v1/documents/${id}/text`)).body });
    expect(texts.length).toBeGreaterThan(3);
    expect(lines).toEqual([
      ...addType('revision', await followPages(app, '/v1/revisions?limit=200')),
      ...facts,
      ...addType('change', await followPages(app, '/v1/changes?limit=200')),
      ...addType('text', texts),
    ]);
    // Timestamp in the gzip header.
    expect([...files.ndjson.bytes.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });
});

describe('an archive omits', () => {
  /** Returns true if either archive contains the words. */
  const containsWords = async (app: FastifyInstance, words: string, query = ''): Promise<boolean> => {
    const raw = await download(app, SQLITE_URL + query);
    const lines = JSON.stringify(parseGzippedNdjson(await download(app, NDJSON_URL + query)));
    return raw.bytes.includes(words) || lines.includes(words);
  };

  it('keys, texts whose rights allow only excerpts, and dossiers', async () => {
    const { sha256 } = await store.read((db) =>
      db.selectFrom('key').select('sha256').executeTakeFirstOrThrow(),
    );
    for (const words of [secret, sha256, ...HIDDEN_WORDS, 'uncovered:', '- type: event']) {
      expect(await containsWords(app, words), words).toBe(false);
    }
    expect(await containsWords(app, 'visitation takes place')).toBe(true);
  });

  it('a text whose rights were restricted later, at any revision', async () => {
    const restrictedStore = await createStore();
    const restrictedApp = await createApp(restrictedStore);
    await importInto(restrictedStore, PUBLIC_DOSSIER);
    expect(await containsWords(restrictedApp, 'zeppelin')).toBe(true);
    const { headers } = await get(restrictedApp, `${SQLITE_URL}?asOf=1`);
    expect(headers['cache-control']).toBe('public, no-cache');
    await importInto(restrictedStore, EXCERPTS_DOSSIER, { note: 'The holder objects' });
    for (const query of ['', '?asOf=1', '?asOf=2']) {
      expect(await containsWords(restrictedApp, 'zeppelin', query)).toBe(false);
      const etag = { 'if-none-match': headers['etag'] as string };
      expect((await get(restrictedApp, `${SQLITE_URL}?asOf=1`, etag)).status).toBe(200);
    }
  });

  it('redacted words, also from archives built before the redaction', async () => {
    const redactedStore = await createStore();
    const redactedApp = await createApp(redactedStore);
    await importInto(redactedStore, PUBLIC_DOSSIER);
    expect(await containsWords(redactedApp, 'zeppelin', '?asOf=1')).toBe(true);
    await redactDocument(redactedStore, 'excerpts', { author: 'the lawyers', reason: 'A court order' });
    for (const query of ['', '?asOf=1']) {
      for (const words of ['zeppelin', 'visitation takes', 'in Kuldiga'])
        expect(await containsWords(redactedApp, words, query), words).toBe(false);
    }
    expect(await containsWords(redactedApp, '[redacted 1]', '?asOf=1')).toBe(true);
  });
});

describe('the response', () => {
  it.each(
    ARCHIVE_URLS,
  )('to %s has length, digest and file name, and the same bytes for the same revision', async (url) => {
    const { status, headers, bytes } = await download(app, url);
    const digest = createHash('sha256').update(bytes);
    const hex = digest.copy().digest('hex');
    const revision = Number(headers['summit-facts-revision']);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="summit-facts-r${revision}.${url.split('facts.')[1]}"`,
      'summit-facts-sha256': hex,
      'repr-digest': `sha-256=:${digest.digest('base64')}:`,
      'accept-ranges': 'bytes',
      'cache-control': 'public, no-cache',
      'access-control-expose-headers': expect.stringContaining('Repr-Digest'),
    });
    const newDownload = await download(await createApp(store), url);
    expect([newDownload.headers['summit-facts-sha256'], newDownload.headers['etag']]).toEqual([
      hex,
      headers['etag'],
    ]);
    for (const condition of [{ 'if-none-match': headers['etag'] as string }, { 'if-none-match': '*' }]) {
      expect((await download(app, url, condition)).status).toBe(304);
    }
    const since = { 'if-modified-since': headers['last-modified'] as string };
    expect((await download(app, url, since)).status).toBe(304);
  });

  it('for an empty store is an archive without facts', async () => {
    const emptyApp = await createApp(await createStore());
    const file = await download(emptyApp, SQLITE_URL);
    expect([file.status, file.headers['summit-facts-revision'], readTables(file)['fact']]).toEqual([
      200,
      '0',
      [],
    ]);
    expect(parseGzippedNdjson(await download(emptyApp, NDJSON_URL))).toHaveLength(1);
  });

  it('to HEAD or with status 304 builds no archive; HEAD reports the length of an existing one', async () => {
    const secondApp = await createApp(store);
    const head = async () => (await secondApp.inject({ method: 'HEAD', url: SQLITE_URL })).headers;
    const missing = await head();
    expect([missing['content-length'], missing['repr-digest']]).toEqual([undefined, undefined]);
    const etag = { 'if-none-match': String(missing['etag']) };
    expect((await download(secondApp, SQLITE_URL, etag)).status).toBe(304);
    expect((await head())['content-length']).toBeUndefined();
    const { bytes, headers } = await download(secondApp, SQLITE_URL);
    expect(await head()).toMatchObject({
      'content-length': String(bytes.length),
      'repr-digest': headers['repr-digest'],
      etag: headers['etag'],
    });
  });

  it('rejects invalid parameters before an archive is built', async () => {
    for (const [query, code] of [
      ['asOf=99', 'out-of-range'],
      ['asOf=0', 'out-of-range'],
      ['colour=blue', 'unknown-parameter'],
    ]) {
      const { status, body, headers } = await get(app, `${NDJSON_URL}?${query}`);
      expect([status, body.errors[0].code]).toEqual([400, code]);
      expect(headers['content-disposition']).toBeUndefined();
    }
  });

  it('leaves no file behind, however the server ends', async () => {
    vi.stubEnv('TMPDIR', createTemporaryFolder());
    const secondApp = await createApp(store);
    const first = await download(secondApp, NDJSON_URL);
    expect(readdirSync(tmpdir())).toEqual([]);
    vi.unstubAllEnvs();
    expect((await download(secondApp, NDJSON_URL)).bytes.equals(first.bytes)).toBe(true);
  });
});

/** Creates a store whose reads wait from `hold` until `release`, and that counts reads. */
function createHeldStore(inner: Store) {
  let gate: PromiseWithResolvers<void> | null = null;
  let arrival = Promise.withResolvers<void>();
  let reads = 0;
  let pass = 0;
  let last: (result: unknown) => boolean = () => false;
  const read: Store['read'] = async (work) => {
    reads += 1;
    if (gate && pass-- <= 0) {
      arrival.resolve();
      await gate.promise;
    }
    const result = await inner.read(work);
    if (gate && last(result)) {
      arrival.resolve();
      await gate.promise;
    }
    return result;
  };
  return {
    store: { ...inner, read } as Store,
    reads: () => reads,
    /** Lets `passing` reads through and holds the next; resolves when that one has arrived. */
    hold(passing: number) {
      last = () => false;
      gate = Promise.withResolvers();
      arrival = Promise.withResolvers();
      pass = passing;
      return arrival.promise;
    },
    /** Holds the first read whose result matches `predicate`, after it has read. */
    holdAfter(predicate: (result: unknown) => boolean) {
      const arrival = this.hold(Number.POSITIVE_INFINITY);
      last = predicate;
      return arrival;
    },
    release() {
      gate?.resolve();
      gate = null;
    },
  };
}

describe('while an archive is built', () => {
  it('other requests share it, and a client that disconnects does not affect them', async () => {
    const heldStore = createHeldStore(store);
    const secondApp = await createApp(heldStore.store);
    await secondApp.listen({ host: '127.0.0.1', port: 0 });
    onTestFileEnd(() => heldStore.release());
    const { port } = secondApp.server.address() as AddressInfo;
    const connection = once(secondApp.server, 'connection') as Promise<[Socket]>;
    // The first read finds the revision, the second starts the archive.
    const stuck = heldStore.hold(1);
    const first = httpGet({ port, path: SQLITE_URL });
    first.on('error', () => {});
    await stuck;
    // No data is sent in either direction until the archive is complete.
    const [socket] = await connection;
    expect(socket.timeout).toBe(EXPORT_TIMEOUT_MS);
    heldStore.release();
    const second = heldStore.hold(1);
    const others = [download(secondApp, SQLITE_URL), download(secondApp, SQLITE_URL)];
    await second;
    first.destroy();
    heldStore.release();
    const otherDownloads = await Promise.all(others);
    expect(otherDownloads.map(({ status }) => status)).toEqual([200, 200]);
    expect(otherDownloads[0]?.bytes.length).toBeGreaterThan(100_000);
    expect(otherDownloads[0]?.bytes.equals(otherDownloads[1]?.bytes ?? Buffer.alloc(0))).toBe(true);
    const readCount = heldStore.reads();
    await download(secondApp, SQLITE_URL);
    // One read, to find the revision: the archive was not built again.
    expect(heldStore.reads()).toBe(readCount + 1);
  });

  it('repeated downloads of a cached archive do not accumulate event listeners', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const secondApp = await createApp(store);
    for (let time = 0; time < 12; time += 1) expect((await download(secondApp, SQLITE_URL)).status).toBe(200);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('an import does not affect it, and a redaction aborts it', async () => {
    const ownStore = await createStore();
    await importInto(ownStore, buildEventDossier([{ id: 'a' }]));
    await importInto(ownStore, PUBLIC_DOSSIER);
    const heldStore = createHeldStore(ownStore);
    const ownApp = await createApp(heldStore.store);
    const firstReads = heldStore.hold(5);
    const pendingDownload = download(ownApp, NDJSON_URL);
    await firstReads;
    await importInto(ownStore, buildEventDossier([{ id: 'b' }], 'more-2031'));
    heldStore.release();
    const downloadBefore = await pendingDownload;
    expect([downloadBefore.status, downloadBefore.headers['summit-facts-revision']]).toEqual([200, '2']);
    expect(parseGzippedNdjson(downloadBefore).map(({ id }) => id)).not.toContain('b');

    const isText = (result: unknown) => (result as { text?: string } | null)?.text === PUBLIC_DOSSIER.source;
    for (const hold of [
      (slow: ReturnType<typeof createHeldStore>) => slow.hold(1),
      // The last read for the archive.
      (slow: ReturnType<typeof createHeldStore>) => slow.holdAfter(isText),
    ]) {
      const lateStore = await createStore();
      await importInto(lateStore, PUBLIC_DOSSIER);
      const slow = createHeldStore(lateStore);
      const server = await createApp(slow.store);
      const stuck = hold(slow);
      const broken = get(server, NDJSON_URL);
      await stuck;
      await redactDocument(lateStore, 'excerpts', { author: 'the lawyers', reason: 'A court order' });
      slow.release();
      const { status, body, headers } = await broken;
      expect([status, body.code, headers['retry-after']]).toEqual([503, 'not-ready', '2']);
      expect(headers['content-length'] && headers['repr-digest']).toBeUndefined();
      const secondDownload = await download(server, NDJSON_URL);
      expect(secondDownload.status).toBe(200);
      expect(JSON.stringify(parseGzippedNdjson(secondDownload))).not.toContain('zeppelin');
    }
  });

  it('a limited number of downloads wait, and further ones get 503 with Retry-After', async () => {
    const heldStore = createHeldStore(store);
    const secondApp = await createApp(heldStore.store);
    const stuck = heldStore.hold(1);
    const pendingDownloads = [download(secondApp, SQLITE_URL)];
    await stuck;
    heldStore.release();
    const second = heldStore.hold(40);
    const urls = [NDJSON_URL, `${SQLITE_URL}?asOf=1`, `${NDJSON_URL}?asOf=1`, `${SQLITE_URL}?asOf=2`];
    for (const url of urls) pendingDownloads.push(download(secondApp, url));
    // Requests for an archive that is already being built take no place in the queue.
    pendingDownloads.push(...Array.from({ length: 20 }, () => download(secondApp, SQLITE_URL)));
    await Promise.race([second, Promise.all(pendingDownloads)]);
    heldStore.release();
    const responses = await Promise.all(pendingDownloads);
    const refusedResponses = responses.filter(({ status }) => status === 503);
    for (const { headers, bytes } of refusedResponses) {
      expect([JSON.parse(bytes.toString()).code, headers['retry-after']]).toEqual(['exports-full', '2']);
      expect([headers['etag'], headers['content-disposition']]).toEqual([undefined, undefined]);
    }
    expect([responses.length - refusedResponses.length, refusedResponses.length]).toEqual([24, 1]);
  });

  it('a closing server responds with 503', async () => {
    const heldStore = createHeldStore(store);
    const secondApp = await createApp(heldStore.store);
    const stuck = heldStore.hold(3);
    const pendingResponse = get(secondApp, SQLITE_URL);
    await stuck;
    const closing = secondApp.close();
    heldStore.release();
    const { status, body } = await pendingResponse;
    expect([status, body.code]).toEqual([503, 'not-ready']);
    await closing;
  });
});

describe('a download', () => {
  it('that is slow gets its complete archive although a newer one was built meanwhile', async () => {
    const ownStore = await createStore();
    await importInto(ownStore, buildEventDossier(Array.from({ length: 400 }, (_, n) => ({ id: `m-${n}` }))));
    const ownApp = await createApp(ownStore);
    await ownApp.listen({ host: '127.0.0.1', port: 0 });
    const { port } = ownApp.server.address() as AddressInfo;
    const [response] = (await once(httpGet({ port, path: SQLITE_URL }), 'response')) as [IncomingMessage];
    response.pause();
    await importInto(ownStore, buildEventDossier([{ id: 'later' }], 'later-2031'));
    expect((await download(ownApp, SQLITE_URL)).headers['summit-facts-revision']).toBe('2');
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of response) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
    expect(response.headers['summit-facts-revision']).toBe('1');
    expect(String(bytes)).toBe(response.headers['content-length']);
    expect(hash.digest('hex')).toBe(response.headers['summit-facts-sha256']);
  });
});
