import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createApp,
  createSeededApp,
  createStore,
  followPages,
  get,
  importInto,
  type Json,
} from '../../support/app.ts';
import { buildDossier } from '../../support/dossier-builder.ts';

const DOCUMENT_PATH = '/v1/documents/brussels-2022-03-24';
const source = readFileSync('db/dossiers/brussels-2022-03-24/source.txt', 'utf8');

let app: FastifyInstance;
beforeAll(async () => {
  app = await createSeededApp();
});

const createMeeting = (quote: string) => ({
  type: 'event',
  id: 'riga-meeting',
  name: 'Meeting',
  kind: 'meeting',
  status: 'held',
  evidence: [{ quote, supports: ['name', 'kind', 'status'] }],
});
const TEXT = '👍 They met. Nobody said why.';
const buildRigaDossier = (display: string, quote = 'They met') =>
  buildDossier({
    source: TEXT,
    document: { rights: { statement: 'Written for the tests', display } },
    facts: [createMeeting(quote)],
    uncovered: [{ quote: 'Nobody', reason: 'No fact' }],
  });

describe('the text of a document', () => {
  it('is returned as received', async () => {
    const { status, headers, body } = await get(app, `${DOCUMENT_PATH}/text`);
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(body).toBe(source);
    const notModified = await get(app, `${DOCUMENT_PATH}/text`, {
      'if-none-match': headers['etag'] as string,
    });
    expect(notModified.status).toBe(304);
  });

  it('needs a key if only excerpts may be shown, also at past revisions', async () => {
    const store = await createStore();
    const textApp = await createApp(store);
    await importInto(store, buildRigaDossier('full'));
    expect((await get(textApp, '/v1/documents/riga-2031-05-02/text')).body).toBe(TEXT);
    await importInto(store, buildRigaDossier('excerpts'));
    for (const query of ['', '?asOf=1', '?asOf=2']) {
      const { status, headers, body } = await get(textApp, `/v1/documents/riga-2031-05-02/text${query}`);
      expect([status, body.code, headers['etag']]).toEqual([401, 'unauthorized', undefined]);
    }
    const past = await get(textApp, '/v1/documents/riga-2031-05-02/coverage?asOf=1');
    expect(past.headers['cache-control']).not.toContain('immutable');
    await importInto(store, buildRigaDossier('full', 'They'));
    const later = await get(textApp, '/v1/documents/riga-2031-05-02/coverage?asOf=1', {
      'if-none-match': past.headers['etag'] as string,
    });
    expect([past.body.gaps[0].exact, later.status, later.body.gaps[0].exact]).toEqual([
      null,
      200,
      'Nobody said why',
    ]);
    expect((await get(textApp, '/v1/documents/riga-2031-05-02/text?asOf=1')).status).toBe(200);
  });
});

describe('coverage', () => {
  it('of the first dossier is nearly complete, with gaps of single words', async () => {
    const { body } = await get(app, `${DOCUMENT_PATH}/coverage`);
    expect(body.ratio).toBeGreaterThan(0.92);
    const points = Array.from(source);
    for (const { start, end, exact } of body.gaps) expect(points.slice(start, end).join('')).toBe(exact);
    expect(body.gaps.map(({ exact }: Json) => exact)).toEqual(['for', 'and', 'and', 'though', 'but']);
  });

  it('omits the text of gaps if only excerpts may be shown', async () => {
    const store = await createStore();
    const otherApp = await createApp(store);
    await importInto(store, buildRigaDossier('full'));
    const coverage = async () => (await get(otherApp, '/v1/documents/riga-2031-05-02/coverage')).body;
    const gap = { start: 12, end: 27, exact: 'Nobody said why' };
    expect(await coverage()).toEqual({ ratio: 7 / 20, gaps: [gap] });
    await importInto(store, buildRigaDossier('excerpts'));
    expect(await coverage()).toEqual({ ratio: 7 / 20, gaps: [{ ...gap, exact: null }] });
  });
});

describe('the facts in a passage', () => {
  const fetchFactsInRange = (start: number, end: number) =>
    followPages(app, `${DOCUMENT_PATH}/facts?start=${start}&end=${end}&limit=200`);

  it('are those with overlapping evidence, and have only that evidence', async () => {
    const start = source.indexOf('no-fly zone');
    const facts = await fetchFactsInRange(start, start + 'no-fly zone'.length);
    expect(facts.map(({ type, id }) => `${type}/${id}`)).toEqual([
      'proposal/no-fly-zone-over-ukraine',
      'stance/zelensky-no-fly-zone',
    ]);
    for (const { evidence } of facts) {
      expect(evidence.map(({ exact }: Json) => exact)).toEqual([
        'The Ukrainian leader continues to push for the establishment of a no-fly zone to protect his country from Russian airstrikes',
      ]);
    }
  });

  it('are all facts in text order if no passage is given', async () => {
    const all = await followPages(app, `${DOCUMENT_PATH}/facts?limit=7`);
    const firsts = all.map(({ evidence }) => Math.min(...evidence.map(({ start }: Json) => start)));
    expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
    expect(new Set(all.map(({ type, id }) => `${type}/${id}`)).size).toBe(all.length);
    expect(all).toHaveLength(100);
  });

  it('agree with the evidence of every fact, for any passage', async () => {
    const all = await followPages(app, `${DOCUMENT_PATH}/facts?limit=200`);
    const spans = all.flatMap(({ type, id, evidence }) =>
      evidence.map(({ start, end }: Json) => ({ key: `${type}/${id}`, start, end })),
    );
    const seed = Number(process.env['FC_SEED'] ?? Date.now() % 1_000_000);
    const passage = fc
      .tuple(fc.nat(source.length), fc.nat(source.length))
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
    const check = fc.asyncProperty(passage, async ({ start, end }) => {
      const expected = new Set(
        spans.filter((span) => span.start < end && span.end > start).map(({ key }) => key),
      );
      const facts = await fetchFactsInRange(start, end);
      expect(new Set(facts.map(({ type, id }) => `${type}/${id}`))).toEqual(expected);
    });
    await fc.assert(check, { seed, numRuns: 60 });
  });

  it('exclude facts that only touch its edge', async () => {
    const store = await createStore();
    const otherApp = await createApp(store);
    await importInto(store, buildRigaDossier('excerpts'));
    const fetchAt = async (query: string) =>
      (await get(otherApp, `/v1/documents/riga-2031-05-02/facts?${query}`)).body.data.length;
    // The evidence spans code points 2 to 10.
    expect([
      await fetchAt('end=2'),
      await fetchAt('end=3'),
      await fetchAt('start=9'),
      await fetchAt('start=10'),
    ]).toEqual([0, 1, 1, 0]);
  });
});
