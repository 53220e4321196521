/** Files of everything: what is in them, what is not, and how they are handed out. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { csvParseRows } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { columnsOf } from '../../src/formats/table-columns.ts';
import { EXPORT_TIMEOUT_MS } from '../../src/http/limits.ts';
import { resourceOf, resources } from '../../src/model/types/index.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import type { Store } from '../../src/store/open.ts';
import { createKey } from '../../src/store/queries/api-keys.ts';
import {
  appOn,
  emptyStore,
  get,
  importInto,
  type Json,
  sqliteStore,
  temporaryFolder,
  walk,
} from '../support/app.ts';
import { type Download, databaseIn, download, linesOf, rowsOf } from '../support/archive.ts';
import { atTheEnd } from '../support/cleanup.ts';
import { dossierOf, dossierOfEvents, eventfulHistory } from '../support/dossier-builder.ts';

const SQLITE = '/v1/exports/summit-facts.sqlite';
const NDJSON = '/v1/exports/summit-facts.ndjson.gz';
const URLS = [SQLITE, NDJSON];

/** Of this text only the words may be shown that carry the event. */
const EXCERPTS = dossierOf({
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
const UNSEEN = ['zeppelin', 'Venta rapids'];
/** The same when anybody might still read all of it. */
const OPEN = { ...EXCERPTS, facts: EXCERPTS.facts.replace('display: excerpts', 'display: full') };

const awkward = dossierOfEvents(
  [
    { id: 'a', name: 'Quoted "so"; and so, on', agenda: ['Ünder, "quoted" & <signed>', '=1+1', '🗳️'] },
    { id: 'b', name: '=cmd', place: null },
  ],
  'awkward',
);

async function fill(store: Store): Promise<Store> {
  let second = 0;
  const now = () => new Date(Date.UTC(2031, 4, 2, 10, 0, second++));
  for (const files of [...eventfulHistory(), EXCERPTS, awkward]) await importInto(store, files, { now });
  return store;
}

let store: Store;
let app: FastifyInstance;
let secret: string;
let files: { sqlite: Download; ndjson: Download };
beforeAll(async () => {
  store = await fill(await emptyStore());
  secret = (await createKey(store, { name: 'a newsroom', scopes: ['write'], expiresAt: null })).key;
  app = await appOn(store);
  files = { sqlite: await download(app, SQLITE), ndjson: await download(app, NDJSON) };
});

const viewOf = (collection: string) => `v_${collection.replaceAll('-', '_')}`;

/** What a cell of a CSV says of a value. */
const asCell = (value: unknown, kind: string): string => {
  if (value === null) return '';
  return kind === 'boolean' ? String(value === 1) : String(value);
};

describe('the SQLite file', () => {
  it.each(
    resources.map((resource) => [resource.collection, resource] as const),
  )('has %s as their CSV has them, cell by cell', async (collection, resource) => {
    const { body } = await get(app, `/v1/${collection}.csv?include=retracted&escapeFormulas=false`);
    const [header, ...rows] = csvParseRows(body) as [string[], ...string[][]];
    const columns = columnsOf(resource);
    const view = databaseIn(files.sqlite).prepare(`select * from ${viewOf(collection)} order by id`);
    expect(view.columns().map(({ name }) => name)).toEqual(header);
    const cells = (view.raw().all() as unknown[][]).map((row) =>
      row.map((value, at) => asCell(value, columns[at]?.list ? 'list' : (columns[at]?.kind ?? ''))),
    );
    expect(cells.length).toBeGreaterThan(0);
    expect(cells).toEqual(rows);
  });

  it('has the entries of every list one by one, as the CSV has them joined', () => {
    const database = databaseIn(files.sqlite);
    const views = database
      .prepare("select name from sqlite_schema where type = 'view'")
      .pluck()
      .all() as string[];
    let held = 0;
    for (const resource of resources) {
      const type = resource.type.replaceAll('-', '_');
      for (const view of views.filter((name) => name.startsWith(`v_${type}_`))) {
        const entries = database.prepare(`select * from ${view} order by ${type}_id, position`);
        const own = entries.columns().map(({ name }) => name);
        expect(new Set(own).size).toBe(own.length);
        const byFact = Map.groupBy(entries.all() as Json[], (row) => row[`${type}_id`]);
        for (const fact of database.prepare(`select * from ${viewOf(resource.collection)}`).all() as Json[]) {
          for (const { name, path } of columnsOf(resource).filter((column) => own.includes(column.name))) {
            if (!path) continue;
            const values = (byFact.get(fact.id) ?? []).map((row) => row[name]);
            const cells = name === 'part_quoted' ? values.map((value) => String(value === 1)) : values;
            const joined = cells.map((value) => value ?? '').join('; ');
            expect([view, fact.id, name, joined]).toEqual([
              view,
              fact.id,
              name,
              fact[name] ?? joined.replaceAll(/[^; ]/g, ''),
            ]);
            held += cells.length;
          }
        }
      }
    }
    expect(held).toBeGreaterThan(200);
  });

  it('says who said what, in which words, and where', () => {
    const rows = databaseIn(files.sqlite)
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

  it('keeps facts, words, inferences, references and history as the API has them', async () => {
    const rows = rowsOf(files.sqlite);
    for (const { type, collection } of resources) {
      const facts = await walk(app, `/v1/${collection}?include=retracted&limit=200`);
      const bodies = rows['fact']?.filter((row) => row.type === type).map(({ body }) => JSON.parse(body));
      expect(bodies).toEqual(facts);
      for (const { id, evidence = [], inferences } of facts) {
        const of = (table: string) => rows[table]?.filter(({ fact }) => fact === `${type}/${id}`);
        expect(of('evidence')?.map(({ exact, start_at }) => [exact, start_at])).toEqual(
          evidence.map(({ exact, start }: Json) => [exact, start]),
        );
        expect(of('inference')?.map(({ note }) => note)).toEqual(inferences.map(({ note }: Json) => note));
      }
    }
    for (const to of ['country/russia', 'person/joe-biden', 'event/war-in-ukraine']) {
      const { collection } = resourceOf(to.split('/')[0] as string);
      const { data } = (await get(app, `/v1/${collection}/${to.split('/')[1]}/references?limit=200`)).body;
      const referring = rows['reference']?.filter(({ to_fact }) => to_fact === to).map(({ fact }) => fact);
      expect(new Set(referring)).toEqual(new Set(data.map(({ type, id }: Json) => `${type}/${id}`)));
      expect(data.length).toBeGreaterThan(1);
    }
    const changes = await walk(app, '/v1/changes?limit=200');
    expect(rows['change']?.map(({ fields, op, id }) => [id, op, JSON.parse(fields)])).toEqual(
      changes.map(({ fact, op, fields }) => [fact.id, op, fields]),
    );
    const revisions = await walk(app, '/v1/revisions?limit=200');
    expect(rows['revision']?.map(({ n }) => n).reverse()).toEqual(revisions.map(({ revision }) => revision));
  });

  it('is sound at every revision, holds together, and every view can be read', async () => {
    const n = Number(files.sqlite.headers['summit-facts-revision']);
    expect(n).toBeGreaterThan(8);
    for (let revision = 1; revision <= n; revision += 1) {
      const database = databaseIn(await download(app, `${SQLITE}?asOf=${revision}`));
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.pragma('foreign_key_check')).toEqual([]);
      expect(database.pragma('user_version', { simple: true })).toBe(1);
      expect(database.prepare('select max(n) from revision').pluck().get()).toBe(revision);
      for (const view of database.prepare("select name from sqlite_schema where type = 'view'").pluck().all())
        expect(() => database.prepare(`select * from "${view}"`).all()).not.toThrow();
    }
    // Byte 18 and 19 of the header are 2 of a file that needs a write-ahead log beside it.
    expect([...files.sqlite.bytes.subarray(18, 20)]).toEqual([1, 1]);
  });

  it('comes out the same from either store', async () => {
    const other = await appOn(await fill(await sqliteStore()));
    expect(rowsOf(await download(other, SQLITE))).toEqual(rowsOf(files.sqlite));
    expect(linesOf(await download(other, NDJSON))).toEqual(linesOf(files.ndjson));
  });
});

describe('the lines', () => {
  it('are all there is, as the API has it, in the order that is documented', async () => {
    const [head, ...lines] = linesOf(files.ndjson);
    const { revision, recordedAt } = (await get(app, '/v1/revisions?limit=1')).body.data[0];
    expect(head).toMatchObject({ type: 'export', revision, recordedAt, contract: expect.any(String) });
    const typed = (type: string, all: Json[]) => all.map((each) => ({ type, ...each }));
    const facts = [];
    for (const { collection } of resources)
      facts.push(...(await walk(app, `/v1/${collection}?include=retracted&limit=200`)));
    const documents = facts.filter(({ type, rights }) => type === 'document' && rights.display === 'full');
    const texts = [];
    for (const { id } of documents)
      texts.push({ document: id, text: (await get(app, `/v1/documents/${id}/text`)).body });
    expect(texts.length).toBeGreaterThan(3);
    expect(lines).toEqual([
      ...typed('revision', await walk(app, '/v1/revisions?limit=200')),
      ...facts,
      ...typed('change', await walk(app, '/v1/changes?limit=200')),
      ...typed('text', texts),
    ]);
    // The time in the header of gzip.
    expect([...files.ndjson.bytes.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
  });
});

describe('what is not shown', () => {
  /** Whether these words stand anywhere in the file. */
  const holds = async (on: FastifyInstance, words: string, query = ''): Promise<boolean> => {
    const raw = await download(on, SQLITE + query);
    const lines = JSON.stringify(linesOf(await download(on, NDJSON + query)));
    return raw.bytes.includes(words) || lines.includes(words);
  };

  it('no key, no text that only excerpts may be shown of, no dossier', async () => {
    const { sha256 } = await store.read((db) =>
      db.selectFrom('key').select('sha256').executeTakeFirstOrThrow(),
    );
    for (const words of [secret, sha256, ...UNSEEN, 'uncovered:', '- type: event']) {
      expect(await holds(app, words), words).toBe(false);
    }
    expect(await holds(app, 'visitation takes place')).toBe(true);
  });

  it('a text whose rights were narrowed, at any revision', async () => {
    const narrowed = await emptyStore();
    const on = await appOn(narrowed);
    await importInto(narrowed, OPEN);
    expect(await holds(on, 'zeppelin')).toBe(true);
    const { headers } = await get(on, `${SQLITE}?asOf=1`);
    expect(headers['cache-control']).toBe('public, no-cache');
    await importInto(narrowed, EXCERPTS, { note: 'The holder objects' });
    for (const query of ['', '?asOf=1', '?asOf=2']) {
      expect(await holds(on, 'zeppelin', query)).toBe(false);
      const etag = { 'if-none-match': headers['etag'] as string };
      expect((await get(on, `${SQLITE}?asOf=1`, etag)).status).toBe(200);
    }
  });

  it('words that were redacted, nor a file that was made before', async () => {
    const redacted = await emptyStore();
    const on = await appOn(redacted);
    await importInto(redacted, OPEN);
    expect(await holds(on, 'zeppelin', '?asOf=1')).toBe(true);
    await redactDocument(redacted, 'excerpts', { author: 'the lawyers', reason: 'A court order' });
    for (const query of ['', '?asOf=1']) {
      for (const words of ['zeppelin', 'visitation takes', 'in Kuldiga'])
        expect(await holds(on, words, query), words).toBe(false);
    }
    expect(await holds(on, '[redacted 1]', '?asOf=1')).toBe(true);
  });
});

describe('how they are handed out', () => {
  it.each(URLS)('%s with its length, digest and name; the same bytes for the same revision', async (url) => {
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
      'accept-ranges': 'none',
      'cache-control': 'public, no-cache',
      'access-control-expose-headers': expect.stringContaining('Repr-Digest'),
    });
    const anew = await download(await appOn(store), url);
    expect([anew.headers['summit-facts-sha256'], anew.headers['etag']]).toEqual([hex, headers['etag']]);
    for (const condition of [{ 'if-none-match': headers['etag'] as string }, { 'if-none-match': '*' }]) {
      expect((await download(app, url, condition)).status).toBe(304);
    }
    const since = { 'if-modified-since': headers['last-modified'] as string };
    expect((await download(app, url, since)).status).toBe(304);
  });

  it('of an empty store too', async () => {
    const on = await appOn(await emptyStore());
    const file = await download(on, SQLITE);
    expect([file.status, file.headers['summit-facts-revision'], rowsOf(file)['fact']]).toEqual([
      200,
      '0',
      [],
    ]);
    expect(linesOf(await download(on, NDJSON))).toHaveLength(1);
  });

  it('HEAD and 304 make nothing, and HEAD tells what is there', async () => {
    const on = await appOn(store);
    const head = async () => (await on.inject({ method: 'HEAD', url: SQLITE })).headers;
    const missing = await head();
    expect([missing['content-length'], missing['repr-digest']]).toEqual([undefined, undefined]);
    const etag = { 'if-none-match': String(missing['etag']) };
    expect((await download(on, SQLITE, etag)).status).toBe(304);
    expect((await head())['content-length']).toBeUndefined();
    const { bytes, headers } = await download(on, SQLITE);
    expect(await head()).toMatchObject({
      'content-length': String(bytes.length),
      'repr-digest': headers['repr-digest'],
      etag: headers['etag'],
    });
  });

  it('refuses what it does not know before anything is made', async () => {
    for (const [query, code] of [
      ['asOf=99', 'out-of-range'],
      ['asOf=0', 'out-of-range'],
      ['colour=blue', 'unknown-parameter'],
    ]) {
      const { status, body, headers } = await get(app, `${NDJSON}?${query}`);
      expect([status, body.errors[0].code]).toEqual([400, code]);
      expect(headers['content-disposition']).toBeUndefined();
    }
  });

  it('has no name in any folder: nothing is left behind by whatever ends the server', async () => {
    vi.stubEnv('TMPDIR', temporaryFolder());
    const on = await appOn(store);
    const first = await download(on, NDJSON);
    expect(readdirSync(tmpdir())).toEqual([]);
    vi.unstubAllEnvs();
    expect((await download(on, NDJSON)).bytes.equals(first.bytes)).toBe(true);
  });
});

/** A store whose reads wait, once `hold` was called, until `release` is; and how often all revisions were read. */
function held(inner: Store) {
  let gate: PromiseWithResolvers<void> | null = null;
  let arrived = Promise.withResolvers<void>();
  let reads = 0;
  let pass = 0;
  let last: (found: unknown) => boolean = () => false;
  const read: Store['read'] = async (work) => {
    reads += 1;
    if (gate && pass-- <= 0) {
      arrived.resolve();
      await gate.promise;
    }
    const found = await inner.read(work);
    if (gate && last(found)) {
      arrived.resolve();
      await gate.promise;
    }
    return found;
  };
  return {
    store: { ...inner, read } as Store,
    reads: () => reads,
    /** Lets so many reads pass, and holds the next. */
    hold(passing: number) {
      last = () => false;
      gate = Promise.withResolvers();
      arrived = Promise.withResolvers();
      pass = passing;
      return arrived.promise;
    },
    /** Holds what comes after the read that found just that. */
    holdAfter(isIt: (found: unknown) => boolean) {
      const reached = this.hold(Number.POSITIVE_INFINITY);
      last = isIt;
      return reached;
    },
    release() {
      gate?.resolve();
      gate = null;
    },
  };
}

describe('while a file is made', () => {
  it('others who ask for it share it, and one who goes away does not matter', async () => {
    const gated = held(store);
    const on = await appOn(gated.store);
    await on.listen({ host: '127.0.0.1', port: 0 });
    atTheEnd(() => gated.release());
    const { port } = on.server.address() as AddressInfo;
    const connected = once(on.server, 'connection') as Promise<[Socket]>;
    // The first read finds the revision, the second begins the file.
    const stuck = gated.hold(1);
    const first = httpGet({ port, path: SQLITE });
    first.on('error', () => {});
    await stuck;
    // No byte goes either way until the file is made.
    const [socket] = await connected;
    expect(socket.timeout).toBe(EXPORT_TIMEOUT_MS);
    gated.release();
    const second = gated.hold(1);
    const others = [download(on, SQLITE), download(on, SQLITE)];
    await second;
    first.destroy();
    gated.release();
    const got = await Promise.all(others);
    expect(got.map(({ status }) => status)).toEqual([200, 200]);
    expect(got[0]?.bytes.length).toBeGreaterThan(100_000);
    expect(got[0]?.bytes.equals(got[1]?.bytes ?? Buffer.alloc(0))).toBe(true);
    const made = gated.reads();
    await download(on, SQLITE);
    // One read to find the revision: nothing was made again.
    expect(gated.reads()).toBe(made + 1);
  });

  it('may be had again and again: a file that is kept gathers nothing from those who had it', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const on = await appOn(store);
    for (let time = 0; time < 12; time += 1) expect((await download(on, SQLITE)).status).toBe(200);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('an import does not disturb it, and a redaction breaks it off', async () => {
    const own = await emptyStore();
    await importInto(own, dossierOfEvents([{ id: 'a' }]));
    await importInto(own, OPEN);
    const gated = held(own);
    const on = await appOn(gated.store);
    const undisturbed = gated.hold(5);
    const asked = download(on, NDJSON);
    await undisturbed;
    await importInto(own, dossierOfEvents([{ id: 'b' }], 'more-2031'));
    gated.release();
    const before = await asked;
    expect([before.status, before.headers['summit-facts-revision']]).toEqual([200, '2']);
    expect(linesOf(before).map(({ id }) => id)).not.toContain('b');

    const isText = (found: unknown) => (found as { text?: string } | null)?.text === OPEN.source;
    for (const hold of [
      (slow: ReturnType<typeof held>) => slow.hold(1),
      // The very last that goes into the file.
      (slow: ReturnType<typeof held>) => slow.holdAfter(isText),
    ]) {
      const late = await emptyStore();
      await importInto(late, OPEN);
      const slow = held(late);
      const server = await appOn(slow.store);
      const stuck = hold(slow);
      const broken = get(server, NDJSON);
      await stuck;
      await redactDocument(late, 'excerpts', { author: 'the lawyers', reason: 'A court order' });
      slow.release();
      const { status, body, headers } = await broken;
      expect([status, body.code, headers['retry-after']]).toEqual([503, 'not-ready', '2']);
      expect(headers['content-length'] && headers['repr-digest']).toBeUndefined();
      const again = await download(server, NDJSON);
      expect(again.status).toBe(200);
      expect(JSON.stringify(linesOf(again))).not.toContain('zeppelin');
    }
  });

  it('so many may wait as may, and the next is told to come back', async () => {
    const gated = held(store);
    const on = await appOn(gated.store);
    const stuck = gated.hold(1);
    const asked = [download(on, SQLITE)];
    await stuck;
    gated.release();
    const second = gated.hold(40);
    const urls = [NDJSON, `${SQLITE}?asOf=1`, `${NDJSON}?asOf=1`, `${SQLITE}?asOf=2`];
    for (const url of urls) asked.push(download(on, url));
    // Whoever asks for what is being made already takes no room.
    asked.push(...Array.from({ length: 20 }, () => download(on, SQLITE)));
    await Promise.race([second, Promise.all(asked)]);
    gated.release();
    const answers = await Promise.all(asked);
    const refused = answers.filter(({ status }) => status === 503);
    for (const { headers, bytes } of refused) {
      expect([JSON.parse(bytes.toString()).code, headers['retry-after']]).toEqual(['exports-full', '2']);
      expect([headers['etag'], headers['content-disposition']]).toEqual([undefined, undefined]);
    }
    expect([answers.length - refused.length, refused.length]).toEqual([24, 1]);
  });

  it('the server can be closed, and says so', async () => {
    const gated = held(store);
    const on = await appOn(gated.store);
    const stuck = gated.hold(3);
    const asked = get(on, SQLITE);
    await stuck;
    const closed = on.close();
    gated.release();
    const { status, body } = await asked;
    expect([status, body.code]).toEqual([503, 'not-ready']);
    await closed;
  });
});

describe('a download', () => {
  it('that is slow has the whole file though newer ones were made meanwhile', async () => {
    const own = await emptyStore();
    await importInto(own, dossierOfEvents(Array.from({ length: 400 }, (_, n) => ({ id: `m-${n}` }))));
    const on = await appOn(own);
    await on.listen({ host: '127.0.0.1', port: 0 });
    const { port } = on.server.address() as AddressInfo;
    const [response] = (await once(httpGet({ port, path: SQLITE }), 'response')) as [IncomingMessage];
    response.pause();
    await importInto(own, dossierOfEvents([{ id: 'later' }], 'later-2031'));
    expect((await download(on, SQLITE)).headers['summit-facts-revision']).toBe('2');
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
