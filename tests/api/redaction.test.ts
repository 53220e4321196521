/** Redaction, the one exception to "nothing is deleted": it removes a text, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { csvParseRows } from 'd3-dsv';
import type { FastifyInstance } from 'fastify';
import { parseAtomFeed } from 'feedsmith';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { singularize } from '../../src/lib/nouns.ts';
import { factTypes, getFactType } from '../../src/model/types/index.ts';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import { removeDossier } from '../../src/store/import/import-dossier.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import { reindex } from '../../src/store/import/reindex.ts';
import { openStore, type Store } from '../../src/store/open.ts';
import { findRedaction } from '../../src/store/queries/dossiers.ts';
import { CURRENT } from '../../src/store/schema.ts';
import {
  catchImportConflicts,
  closeAfterTests,
  createApp,
  createStore,
  createTemporaryFolder,
  followPages,
  get,
  importInto,
  type Json,
  STORE_KIND,
  type TestResponse,
} from '../support/app.ts';
import { type Download, download, parseGzippedNdjson, readTables } from '../support/archive.ts';
import { buildDossier, buildDossierHistory } from '../support/dossier-builder.ts';
import { dumpDerivedTables } from '../support/dump-derived-tables.ts';
import { collectStrings, LeakDetector } from '../support/leak-detector.ts';

const BRUSSELS = 'brussels-2022-03-24';
const REASON = 'Court order 7 O 12/31';
const OPTIONS = { author: 'the lawyers', reason: REASON };
const createClock = (second: number) => () => new Date(Date.UTC(2031, 4, 2, 10, 0, second));

const replaceText = (files: DossierFiles, from: string, to: string): DossierFiles => {
  if (!files.facts.includes(from)) throw new Error(`the dossier has no ${from}`);
  const [source, facts] = [files.source, files.facts].map((text) => text.replaceAll(from, to));
  return { ...files, source: source as string, facts: facts as string };
};

/** Dossier that amends facts of the first dossier, with quotations from its own text. */
const COUNTING_DOSSIER = buildDossier({
  id: 'counting',
  source: 'Five battle groups were announced, as Jens Stoltenberg recalled.',
  corrects: [
    {
      fact: 'figure/new-battle-groups',
      fields: { value: 5, statedAs: 'Five battle groups' },
      evidence: [{ quote: 'Five battle groups were announced', supports: ['value', 'statedAs'] }],
      reason: 'One was left out',
    },
  ],
  adds: [
    {
      fact: 'person/jens-stoltenberg',
      evidence: [{ quote: 'Jens Stoltenberg recalled', supports: ['name'] }],
    },
  ],
});

/** Builds every kind of change, and an edit of the first dossier for each kind of redacted text. */
function buildHistory(): DossierFiles[] {
  const eventful = buildDossierHistory();
  let last = eventful.at(-1) as DossierFiles;
  const addEdited = (from: string, to: string) => {
    last = replaceText(last, from, to);
    return last;
  };
  return [
    ...eventful,
    COUNTING_DOSSIER,
    addEdited('would fundamentally change the nature', 'would thoroughly change the very nature'),
    addEdited('quote: The move would mark a violation of', 'quote: would mark a violation of'),
    addEdited('statedAs: exactly one month', 'statedAs: one month'),
    addEdited('is the proposal of the sentence before', 'is the proposal of the sentence right before'),
  ];
}

async function createStoreWithHistory(): Promise<Store> {
  const store = await createStore();
  for (const [index, files] of buildHistory().entries()) {
    await importInto(store, files, { now: createClock(index), note: `Import ${index + 1}` });
  }
  return store;
}

/** Fields with words of the source, and sections of a dossier beside its facts. */
const VERBATIM_FIELDS = new Set(['quote', 'prefix', 'suffix', 'statedAs', 'note', 'uncovered']);

/** Collects the strings that editors wrote, which a redaction keeps. */
function collectOwnStrings({ facts }: DossierFiles): string[] {
  const without = JSON.stringify(parse(facts), (key, value) =>
    VERBATIM_FIELDS.has(key) ? undefined : value,
  );
  // Labels of figures have the singular of their units, which are not words of the text.
  return [...collectStrings(JSON.parse(without))].flatMap((each) => [each, singularize(each)]);
}

/** Creates a detector for words of a document. */
async function createLeakDetector(store: Store, id: string): Promise<LeakDetector> {
  const all = buildHistory();
  const documentVersions = all.filter((files) => files.id === id);
  const others = all.filter((files) => files.id !== id);
  const keptWords = [
    ...documentVersions.flatMap(collectOwnStrings),
    ...others.flatMap(({ source, facts }) => [source, ...collectStrings(parse(facts))]),
  ];
  const { facts } = await dumpDerivedTables(store);
  const evidence = facts.flatMap(({ body }) => JSON.parse(body).evidence ?? []);
  const quotations = evidence.filter((span: Json) => span.document.id === id).map(({ exact }: Json) => exact);
  return new LeakDetector(
    documentVersions.map(({ source }) => source),
    quotations,
    keptWords,
  );
}

/** Reads every string in every table. */
const readStoredStrings = (store: Store) =>
  store.write(async (db) => {
    const tables = (await db.introspection.getTables()).map(({ name }) => name);
    const strings = new Set<string>();
    for (const name of new Set(tables)) {
      if (!name.startsWith('search'))
        collectStrings((await sql`select * from ${sql.table(name)}`.execute(db)).rows, strings);
    }
    return strings;
  });

const withAsOf = (url: string, n: number) => `${url}${url.includes('?') ? '&' : '?'}asOf=${n}`;

/** True if the URL returns only what lists and facts return too. */
const isOtherFormat = (url: string) => /\.\w|\/cite/.test(url);

/** Lists every URL of the documented API that returns facts, also at earlier revisions. */
async function listUrls(store: Store, everything: boolean): Promise<string[]> {
  const { identities } = await dumpDerivedTables(store);
  const revisions = await store.read((db) => db.selectFrom('revision').select('n').execute());
  const { paths } = parse(readFileSync('openapi.yaml', 'utf8')) as { paths: Record<string, unknown> };
  const getPathIds = (path: string) => {
    const { type = 'document' } =
      factTypes.find(({ collection }) => path.startsWith(`/v1/${collection}/`)) ?? {};
    return identities.flatMap((identity) => (identity.type === type ? [identity.id] : []));
  };
  const basePaths = Object.keys(paths).flatMap((path) => {
    if (path.includes('{id}')) {
      const ids = everything || !isOtherFormat(path) ? getPathIds(path) : getPathIds(path).slice(0, 3);
      return ids.map((id) => path.replace('{id}', id));
    }
    if (path.includes('{collection}'))
      return factTypes.map(({ collection }) => path.replace('{collection}', collection));
    return path.includes('{revision}')
      ? revisions.map(({ n }) => path.replace('{revision}', String(n)))
      : [path];
  });
  const currentUrls = basePaths
    .filter((path) => path.startsWith('/v1/'))
    .flatMap((path) => {
      const factType = factTypes.find(({ collection }) => path.split('/')[2] === collection);
      if (/\/facets(\.csv)?$/.test(path)) return [`${path}?by=${factType?.facetNames.join(',')}`];
      if (path.startsWith('/v1/changes.')) return [path];
      if (/^\/v1\/[^/]+\.\w/.test(path)) return [`${path}?include=retracted`];
      if (path.endsWith('/cite')) return [`${path}?style=csl-json`];
      if (path === '/v1/search') return ['stoltenberg', 'nato', 'redacted'].map((q) => `${path}?q=${q}`);
      return path.split('/').length === 3 && factType ? [`${path}?include=retracted&limit=200`] : [path];
    });
  // Requesting everything at each revision takes long. One revision is enough for other formats, because
  // lists and facts have the same words, and without `everything` also for facts.
  const pinnedUrls = currentUrls.filter(
    (url) => !isOtherFormat(url) && (everything || url.split('/').length === 3),
  );
  const first = currentUrls.filter((url) => isOtherFormat(url) && url.split('/').length === 3);
  const cards = (everything ? identities : identities.slice(0, 20)).flatMap(({ type, id }) => {
    const { collection } = getFactType(type);
    return ['', '?asOf=1'].map((asOf) => `/oembed?url=${encodeURIComponent(`/${collection}/${id}${asOf}`)}`);
  });
  return [
    ...currentUrls,
    ...cards,
    ...first.map((url) => withAsOf(url, 1)),
    ...revisions.flatMap(({ n }) => pinnedUrls.map((url) => withAsOf(url, n))),
  ];
}

async function fetchStrings(app: FastifyInstance, urls: string[]): Promise<Set<string>> {
  const strings = new Set<string>();
  for (const first of urls) {
    for (let next: string | null = first; next !== null; ) {
      const { status, body, headers }: TestResponse = await get(app, next);
      // An invalid request would prove nothing.
      expect([200, 308, 401, 404, 405, 451], `${next} ${status}`).toContain(status);
      if (next.startsWith('/v1/exports/') && status === 200) {
        collectStrings(extractExportValues(await download(app, next)), strings);
      } else collectStrings(extractValues(body, headers['content-type']), strings);
      next = body.links?.next ?? null;
    }
  }
  return strings;
}

/** Splits a body into single values, because words of adjacent values do not form a quotation. */
function extractValues(body: Json, mediaType = ''): Json {
  if (mediaType.startsWith('text/csv')) {
    return csvParseRows(body).flatMap((cells) => cells.flatMap((cell) => cell.split(/; |<[^>]+>/)));
  }
  if (mediaType.startsWith('application/geo+json')) {
    return [...collectStrings(body)].flatMap((text) => text.split('; '));
  }
  if (mediaType.startsWith('text/calendar')) {
    const lines: string[] = body.replaceAll('\r\n ', '').split('\r\n');
    return lines.flatMap((line) => line.slice(line.indexOf(':') + 1).split('\\n'));
  }
  // The texts of a timeline's slides are HTML.
  if (body.events) return [...collectStrings(body)].flatMap((text) => text.split(/<[^>]+>/));
  if (mediaType.startsWith('application/x-ndjson')) {
    return body
      .split('\n')
      .filter(Boolean)
      .map((line: string) => JSON.parse(line));
  }
  if (mediaType.startsWith('application/atom+xml')) return splitAtTags(parseAtomFeed(body));
  const isMarkup = mediaType.startsWith('application/feed+json') || body.type === 'rich';
  return isMarkup ? splitAtTags(body) : body;
}

/** Splits every string at its tags. */
const splitAtTags = (value: Json): Json =>
  JSON.parse(JSON.stringify(value), (_, each) => (typeof each === 'string' ? each.split(/<[^>]*>/) : each));

/** Splits an archive into single values, except for JSON in its cells, which is split later. */
function extractExportValues(file: Download): Json[] {
  if (file.headers['content-type'] === 'application/gzip') return parseGzippedNdjson(file);
  const cells = Object.values(readTables(file)).flatMap((rows) => rows.flatMap((row) => Object.values(row)));
  return cells.flatMap((cell) => (typeof cell === 'string' && !/^[[{]/.test(cell) ? cell.split('; ') : cell));
}

/** Paths in a fact that may contain words of the text; only these are redacted. */
const REDACTABLE_PATH =
  /^\/(evidence\/\d+\/(exact|prefix|suffix)|inferences\/\d+\/note|text|cue|parts\/\d+\/exact|statedAs)$/;

/** Expects `after` to equal `before`, except for placeholders in redactable places. */
function expectOnlyRedacted(before: Json, after: Json, path = ''): void {
  if (REDACTABLE_PATH.test(path) && /^\[redacted \d+\]$/.test(after)) return;
  if (before === null || typeof before !== 'object') {
    expect(after, path).toEqual(before);
    return;
  }
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const key of Object.keys(before)) expectOnlyRedacted(before[key], after[key], `${path}/${key}`);
}

type Version = Awaited<ReturnType<typeof dumpDerivedTables>>['facts'][number];

/** Returns a version without body and label. */
const omitText = ({ body: _, label: __, ...rest }: Version) => rest;

describe.each([BRUSSELS, 'developing-2022-04-09'])('redacting %s', (id) => {
  let store: Store;
  let app: FastifyInstance;
  let leakDetector: LeakDetector;
  let revision: number;
  let before: Awaited<ReturnType<typeof dumpDerivedTables>>;
  let urls: string[];
  const etags = new Map<string, string>();
  const DATED = [
    '/v1/events?limit=1',
    `/v1/documents/${id}?asOf=7`,
    '/v1/statements?asOf=8',
    '/v1/revisions',
  ];

  beforeAll(async () => {
    store = await createStoreWithHistory();
    app = await createApp(store);
    before = await dumpDerivedTables(store);
    leakDetector = await createLeakDetector(store, id);
    urls = await listUrls(store, id === BRUSSELS && STORE_KIND === 'sqlite');
    for (const url of DATED) etags.set(url, (await get(app, url)).headers['etag'] as string);
    const outcome = await redactDocument(store, id, { ...OPTIONS, now: createClock(100) });
    ({ revision } = outcome);
    expect(revision).toBe(buildHistory().length + 1);
    expect(outcome.versions).toBe(buildHistory().filter((files) => files.id === id).length);
  });

  it('removes its words from every table', async () => {
    expect(leakDetector.ngrams.size).toBeGreaterThan(10);
    expect(leakDetector.findLeaks(buildHistory().flatMap(({ source }) => source)).length).toBeGreaterThan(10);
    expect(leakDetector.findLeaks(await readStoredStrings(store))).toEqual([]);
    const words = new Set(
      (await dumpDerivedTables(store)).words.map((each) => (each as { term: string }).term),
    );
    expect(leakDetector.words.length).toBeGreaterThan(1);
    expect(leakDetector.words.filter((word) => words.has(word))).toEqual([]);
  });

  it('removes its words from every response', async () => {
    expect(urls.length).toBeGreaterThan(500);
    const later = ['/v1/documents', '/v1/changes', '/v1/corrections', '/v1/revisions'];
    const strings = await fetchStrings(app, [...urls, ...later.map((url) => `${url}?asOf=${revision}`)]);
    expect(leakDetector.findLeaks(strings)).toEqual([]);
    expect([...strings].some((text) => /^\[redacted \d+\]$/.test(text))).toBe(true);
    for (const word of leakDetector.words) {
      expect((await get(app, `/v1/search?q=${encodeURIComponent(word)}&asOf=1`)).body.data, word).toEqual([]);
      expect((await get(app, `/v1/search?q=${encodeURIComponent(word)}`)).body.data, word).toEqual([]);
    }
  });

  it('keeps the history, and adds one version of the document', async () => {
    const after = await dumpDerivedTables(store);
    const [document, ...more] = after.facts.slice(before.facts.length);
    expect(more).toEqual([]);
    expect(document).toMatchObject({ type: 'document', id, cause: 'editorial', reason: REASON });
    const endedVersion = before.facts.find(
      (row) => row.type === 'document' && row.id === id && row.rev_to === CURRENT,
    );
    const expected = before.facts.map((row) =>
      omitText(row === endedVersion ? { ...row, rev_to: revision } : row),
    );
    expect(after.facts.slice(0, before.facts.length).map(omitText)).toEqual(expected);
    for (const [index, row] of before.facts.entries()) {
      expectOnlyRedacted(JSON.parse(row.body), JSON.parse(after.facts[index]?.body as string));
    }
    expect(after.spans).toEqual(before.spans);
    expect(after.identities).toEqual(before.identities);
    const { body } = await get(app, `/v1/changes?after=${revision - 1}`);
    expect(body.data).toEqual([
      expect.objectContaining({
        op: 'modify',
        cause: 'editorial',
        reason: REASON,
        fields: [{ field: 'redacted', before: null, after: { revision, reason: REASON } }],
      }),
    ]);
  });

  it('is unchanged by a reindex', async () => {
    const after = await dumpDerivedTables(store);
    await reindex(store);
    expect(await dumpDerivedTables(store)).toEqual(after);
  });

  it('responds with 451 instead of the text', async () => {
    expect((await get(app, `/v1/documents/${id}`)).body.redacted).toEqual({ revision, reason: REASON });
    for (const path of ['text', 'facts', 'coverage']) {
      for (const query of ['', '?asOf=7']) {
        const { status, headers, body } = await get(app, `/v1/documents/${id}/${path}${query}`, {
          'if-none-match': '*',
        });
        expect([status, body.code, headers['etag']]).toEqual([451, 'redacted', undefined]);
        expect(body.detail).toBe(`The text of ${id} was redacted by revision ${revision}: ${REASON}`);
      }
    }
    expect(await store.read((db) => findRedaction(db, id))).toEqual({ revision, reason: REASON });
    expect(await store.read((db) => findRedaction(db, 'vote'))).toBeUndefined();
    expect((await get(app, '/v1/documents/vote/text')).status).toBe(200);
  });

  it('changes every ETag, those of responses with asOf too', async () => {
    for (const [url, etag] of etags) {
      const { status, headers } = await get(app, url, { 'if-none-match': etag });
      expect([url, status]).toEqual([url, 200]);
      expect(headers['etag']).not.toBe(etag);
      expect((await get(app, url, { 'if-none-match': headers['etag'] as string })).status).toBe(304);
    }
    const { headers } = await get(app, '/v1/statements?asOf=8');
    const since = { 'if-modified-since': headers['last-modified'] as string };
    expect((await get(app, '/v1/statements?asOf=8', since)).status).toBe(200);
    const now = { 'if-modified-since': createClock(100)().toUTCString() };
    expect((await get(app, `/v1/statements?asOf=${revision}`, now)).status).toBe(304);
  });

  it('rejects imports of any version of it', async () => {
    const files = buildHistory().find((each) => each.id === id) as DossierFiles;
    const words = `the text of ${id} was redacted by revision ${revision} (${REASON})`;
    const expected = [expect.stringContaining(`redacted-text /document/id ${words}`)];
    expect(await catchImportConflicts(importInto(store, files))).toEqual(expected);
    expect((await seed(store, DOSSIERS_FOLDER)).outdated).toEqual(
      id === BRUSSELS ? [] : [join(DOSSIERS_FOLDER, BRUSSELS)],
    );
    await expect(redactDocument(store, id, OPTIONS)).rejects.toThrow(
      `the text of ${id} is already redacted, by revision ${revision} (${REASON})`,
    );
    const revisions = await get(app, '/v1/revisions?limit=1');
    expect(revisions.body.data[0]).toMatchObject({ revision, action: 'redact', note: REASON, dossier: id });
  });
});

describe('a redacted document', () => {
  it('can still be amended and deleted, but not imported', async () => {
    const store = await createStore();
    const app = await createApp(store);
    const [brussels] = buildDossierHistory();
    await importInto(store, brussels as DossierFiles);
    await redactDocument(store, BRUSSELS, OPTIONS);
    await importInto(store, COUNTING_DOSSIER);
    const figure = await get(app, '/v1/figures/new-battle-groups');
    expect(figure.body).toMatchObject({ value: 5, statedAs: 'Five battle groups', version: 2 });
    const unfit = {
      ...COUNTING_DOSSIER,
      facts: COUNTING_DOSSIER.facts.replace('value: 5', 'value: 5\n      unit: of them'),
    };
    await expect(importInto(store, unfit)).rejects.toThrow('no evidence or inference supports unit');

    await removeDossier(store, 'counting', { author: 'a tester', reason: 'Not ours' });
    await removeDossier(store, BRUSSELS, { author: 'a tester', reason: 'Not ours either' });
    const { body } = await get(app, `/v1/documents/${BRUSSELS}`);
    expect(body).toMatchObject({ redacted: { revision: 2 }, retracted: { reason: 'Not ours either' } });
    expect((await get(app, `/v1/documents/${BRUSSELS}/text`)).status).toBe(451);
    const [refused] = await catchImportConflicts(importInto(store, brussels as DossierFiles));
    expect(refused).toMatch(/^redacted-text/);
    expect(await seed(store, DOSSIERS_FOLDER)).toEqual({ imported: [], outdated: [], rejected: [] });
    const after = await dumpDerivedTables(store);
    await reindex(store);
    expect(await dumpDerivedTables(store)).toEqual(after);
  });

  it('may have been deleted before the redaction', async () => {
    const store = await createStore();
    const app = await createApp(store);
    await importInto(store, COUNTING_ONLY_DOSSIER);
    await removeDossier(store, 'alone', { author: 'a tester', reason: 'Not ours' });
    await redactDocument(store, 'alone', OPTIONS);
    const { body } = await get(app, '/v1/documents/alone');
    expect(body).toMatchObject({ redacted: { revision: 3 }, retracted: { revision: 2, reason: 'Not ours' } });
    expect((await get(app, '/v1/documents/alone/text?asOf=1')).status).toBe(451);
    expect((await get(app, '/v1/figures/groups?asOf=1')).body.statedAs).toMatch(/^\[redacted \d\]$/);
  });

  it('must exist', async () => {
    const store = await createStore();
    await expect(redactDocument(store, 'missing', OPTIONS)).rejects.toThrow('document missing not found');
    expect(await followPages(await createApp(store), '/v1/revisions')).toEqual([]);
  });
});

const COUNTING_ONLY_DOSSIER = buildDossier({
  id: 'alone',
  source: 'Five battle groups were announced.',
  facts: [
    {
      type: 'organization',
      id: 'nato-alone',
      name: 'NATO',
      kind: 'alliance',
      evidence: [{ quote: 'battle groups', supports: ['name', 'kind'] }],
    },
    {
      type: 'figure',
      id: 'groups',
      subject: 'organization/nato-alone',
      measure: 'battle groups',
      value: 5,
      unit: 'battle groups',
      qualifier: 'exact',
      statedAs: 'Five',
      evidence: [
        {
          quote: 'Five battle groups were announced',
          supports: ['subject', 'measure', 'value', 'unit', 'qualifier', 'statedAs'],
        },
      ],
    },
  ],
});

it('warns if the files may still contain the words, and can be repeated', async () => {
  const store = await createStore();
  await importInto(store, COUNTING_ONLY_DOSSIER);
  let forgotten = 0;
  const forget = async () => {
    forgotten += 1;
    if (forgotten === 1) throw new Error('the disk is full');
  };
  await expect(redactDocument({ ...store, vacuum: forget }, 'alone', OPTIONS)).rejects.toThrow(
    'the text of alone is redacted, but the database file may still contain its words: run the command again',
  );
  await expect(redactDocument({ ...store, vacuum: forget }, 'alone', OPTIONS)).rejects.toThrow(
    'already redacted, by revision 2',
  );
  expect(forgotten).toBe(2);
});

it('becomes visible completely or not at all', async () => {
  const store = await createStore();
  const app = await createApp(store);
  const [brussels] = buildDossierHistory();
  await importInto(store, brussels as DossierFiles);
  let isDone = false;
  const redacting = redactDocument(store, BRUSSELS, OPTIONS).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const { body } = await get(app, '/v1/statements?limit=200');
    const redactedStatements = body.data.filter(({ text }: Json) => text.startsWith('[redacted '));
    expect(redactedStatements.length).toBe(body.meta.revision === 1 ? 0 : body.data.length);
    await setImmediate();
  }
  await redacting;
});

// PostgreSQL has no single file: dead rows and its log are left to the administrator; see docs/OPERATIONS.md.
describe.runIf(STORE_KIND === 'sqlite')('the SQLite file', () => {
  async function storeInFile() {
    const path = join(createTemporaryFolder(), 'test.sqlite');
    const store = closeAfterTests(await openStore(`file:${path}`));
    const findRemaining = (sought: string[]) => {
      const bytes = Buffer.concat([path, `${path}-wal`].map((file) => readFileSync(file)));
      return sought.filter((words) => bytes.includes(words));
    };
    return { store, standing: findRemaining };
  }

  it('contains none of its words', async () => {
    const { store, standing } = await storeInFile();
    for (const files of buildHistory()) await importInto(store, files);
    const { quotations, words } = await createLeakDetector(store, BRUSSELS);
    // Short words may occur by chance. "measures" does: the name of a field, and the id that follows it.
    const searchedTexts = [...quotations, ...words.filter((word) => word.length >= 8 && word !== 'measures')];
    expect(standing(searchedTexts).length).toBeGreaterThan(quotations.length);
    await redactDocument(store, BRUSSELS, OPTIONS);
    expect(standing(searchedTexts)).toEqual([]);
  });

  it('contains none of them in the search index, which holds deleted words until it is merged', async () => {
    const { store, standing } = await storeInFile();
    await importInto(store, COUNTING_ONLY_DOSSIER);
    // The index omits a prefix that a word shares with the previous one: hence the end of "announced".
    expect(standing(['nounced'])).toEqual(['nounced']);
    await redactDocument(store, 'alone', OPTIONS);
    expect(standing(['nounced'])).toEqual([]);
  });
});
