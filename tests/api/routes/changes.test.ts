/** History of three dossiers, two of which change facts of the first. */
import type { FastifyInstance } from 'fastify';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDossier } from '../../../src/dossier/files.ts';
import type { Store } from '../../../src/store/open.ts';
import {
  catchImportConflicts,
  createApp,
  createStore,
  followPages,
  get,
  getIds,
  importInto,
  type Json,
} from '../../support/app.ts';
import { SAMPLE_DOSSIER_FOLDERS } from '../../support/dossier-builder.ts';

const [BRUSSELS, CORRECTING, DEVELOPING] = SAMPLE_DOSSIER_FOLDERS;
const NOW = () => new Date('2031-05-02T10:00:00Z');

async function createStoreOfThree(): Promise<Store> {
  const store = await createStore();
  for (const [index, folder] of [BRUSSELS, CORRECTING, DEVELOPING].entries()) {
    await importInto(store, readDossier(folder), {
      author: `editor ${index + 1}`,
      note: null,
      now: NOW,
      reviewer: index === 1 ? 'a second pair of eyes' : null,
    });
  }
  return store;
}

/** Reads a dossier and replaces text in its YAML. */
const editFacts = (folder: string, ...changes: [from: string, to: string][]) => {
  const files = readDossier(folder);
  const facts = changes.reduce((yaml, [from, to]) => {
    if (!yaml.includes(from)) throw new Error(`${folder} has no ${from}`);
    return yaml.replace(from, to);
  }, files.facts);
  return { ...files, facts };
};

describe('a dossier that is corrected by a second one and developed by a third', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await createApp(await createStoreOfThree());
  });

  it('returns the later values with their evidence', async () => {
    const { body } = await get(app, '/v1/battle-group-deployments/nato-slovakia');
    expect(body).toMatchObject({ version: 2, revision: 2, announcedOn: '2022-03-22', status: 'announced' });
    const carrying = body.evidence.filter(({ supports }: Json) => supports.includes('announcedOn'));
    expect(carrying).toEqual([
      expect.objectContaining({
        exact: 'the battle group for Slovakia was announced on Tuesday 22 March 2022, not on Wednesday',
        document: expect.objectContaining({ id: 'correcting-2022-03-26', label: '“We had it wrong” 🗞️' }),
      }),
    ]);
    expect(body.inferences.flatMap(({ fields }: Json) => fields)).not.toContain('announcedOn');
    // The other evidence of the first document remains.
    expect(body.evidence[0].document.id).toBe('brussels-2022-03-24');
    const round = await get(app, '/v1/sanctions-rounds/eu-on-russia-5');
    expect(round.body).toMatchObject({ status: 'adopted', adoptedOn: '2022-04-08', ordinal: 5, version: 2 });
    expect(await getIds(app, '/v1/sanctions-rounds?status=adopted&sort=-ordinal&limit=1')).toEqual([
      'eu-on-russia-5',
    ]);
    expect(await getIds(app, '/v1/people?postOf=banka-sever')).toEqual(['jens-stoltenberg']);
    expect((await get(app, '/v1/countries/slovakia')).body.evidence).toHaveLength(2);
  });

  it('returns the earlier values with asOf', async () => {
    const { body } = await get(app, '/v1/battle-group-deployments/nato-slovakia?asOf=1');
    expect(body).toMatchObject({ version: 1, announcedOn: '2022-03-23' });
    expect(await getIds(app, '/v1/sanctions-rounds?status=adopted&asOf=2')).not.toContain('eu-on-russia-5');
    expect(await getIds(app, '/v1/documents?asOf=2')).toEqual([
      'brussels-2022-03-24',
      'correcting-2022-03-26',
    ]);
  });

  it('distinguishes corrections, developments and editorial changes', async () => {
    const { body } = await get(app, '/v1/changes?after=1&cause=correction,development,editorial');
    expect(
      body.data.map(({ revision, op, cause, fact, version }: Json) => [
        revision,
        op,
        cause,
        fact.id,
        version,
      ]),
    ).toEqual([
      [2, 'modify', 'correction', 'nato-slovakia', 2],
      [2, 'modify', 'editorial', 'slovakia', 2],
      [3, 'modify', 'development', 'eu-on-russia-5', 2],
      [3, 'modify', 'development', 'jens-stoltenberg', 2],
    ]);
    const [correction, , development] = body.data;
    expect(correction).toMatchObject({
      recordedAt: '2031-05-02T10:00:00.000Z',
      document: 'correcting-2022-03-26',
      reason: expect.stringContaining('it was a Tuesday 🗓️'),
    });
    expect(correction.fields.map(({ field }: Json) => field)).toEqual([
      'announcedOn',
      'evidence',
      'inferences',
    ]);
    expect(correction.fields[0]).toEqual({ field: 'announcedOn', before: '2022-03-23', after: '2022-03-22' });
    expect(development.reason).toBeUndefined();
    expect(development.fields).toContainEqual({ field: 'adoptedOn', before: null, after: '2022-04-08' });
  });

  it('lists corrections only', async () => {
    const { body } = await get(app, '/v1/corrections');
    expect(body.data.map(({ fact }: Json) => fact.id)).toEqual(['nato-slovakia']);
  });

  it('returns all changes once across pages, also within a revision', async () => {
    const all = await followPages(app, '/v1/changes?limit=7');
    const allChanges = await get(app, '/v1/changes?limit=200');
    expect(all).toEqual(allChanges.body.data);
    expect(all.filter(({ revision }) => revision === 1)).toHaveLength(101);
    expect(all.map(({ op }) => op).filter((op) => op === 'add')).toHaveLength(101 + 3 + 3);
    const people = await followPages(app, '/v1/changes?type=person&limit=2');
    expect(people.map(({ fact }) => fact.type)).toEqual(people.map(() => 'person'));
    expect(
      await followPages(app, '/v1/changes?fact=sanctions-round/eu-on-russia-5,country/slovakia'),
    ).toHaveLength(4);
    const corrections = await followPages(app, '/v1/changes?cause=correction,retraction,development');
    for (const limit of [1, 2]) {
      const pages = await followPages(
        app,
        `/v1/changes?cause=correction,retraction,development&limit=${limit}`,
      );
      expect(pages).toEqual(corrections);
    }
    const brussels = await followPages(
      app,
      '/v1/changes?document=brussels-2022-03-24,correcting-2022-03-26&limit=9',
    );
    const theirs = all.filter(
      ({ document, fact }) =>
        ['brussels-2022-03-24', 'correcting-2022-03-26'].includes(document) ||
        allChanges.body.data.some(
          (other: Json) => other.document === 'brussels-2022-03-24' && other.fact.id === fact.id,
        ),
    );
    expect(brussels).toEqual(theirs);
    expect(brussels.length).toBeLessThan(all.length);
    const byDocument = await followPages(app, '/v1/changes?document=developing-2022-04-09');
    expect(byDocument.map(({ fact }) => fact.id).sort()).toEqual([
      'banka-sever',
      'developing-2022-04-09',
      'eu-on-russia-5',
      'jens-stoltenberg',
      'zofia-cierna',
    ]);
  });

  it('returns 304 while nothing has changed, and rejects a future revision', async () => {
    const { headers, body } = await get(app, '/v1/changes?after=3');
    expect(body.data).toEqual([]);
    const notModified = await get(app, '/v1/changes?after=3', { 'if-none-match': String(headers['etag']) });
    expect(notModified.status).toBe(304);
    const future = await get(app, '/v1/changes?after=4');
    expect([future.status, future.body.errors[0].parameter]).toEqual([400, 'after']);
    expect((await get(app, '/v1/changes?fact=ghost/x')).status).toBe(400);
  });

  it('returns the versions of a fact with author and reason', async () => {
    const { body } = await get(app, '/v1/battle-group-deployments/nato-slovakia/versions');
    expect(body.data).toMatchObject([
      {
        version: 1,
        revision: 1,
        author: 'editor 1',
        cause: 'addition',
        op: 'add',
        note: 'Import of brussels-2022-03-24',
      },
      {
        version: 2,
        revision: 2,
        author: 'editor 2',
        reviewer: 'a second pair of eyes',
        cause: 'correction',
        reason: expect.stringContaining('Tuesday'),
      },
    ]);
    const [first, second] = body.data;
    expect(first.fields).toContainEqual({
      field: 'hostCountry',
      before: null,
      after: { type: 'country', id: 'slovakia', label: 'Slovakia' },
    });
    expect(first.fields.map(({ before }: Json) => before)).toEqual(first.fields.map(() => null));
    expect((await get(app, second.links.self)).body).toMatchObject({ version: 2 });
    const one = await followPages(app, '/v1/battle-group-deployments/nato-slovakia/versions?limit=1');
    expect(one.map(({ version }) => version)).toEqual([1, 2]);
    expect((await get(app, '/v1/battle-group-deployments/ghost/versions')).status).toBe(404);
  });

  it('returns the revisions with their counts of changes', async () => {
    const { body } = await get(app, '/v1/revisions');
    expect(body.data.map(({ revision }: Json) => revision)).toEqual([3, 2, 1]);
    expect(body.data[1]).toMatchObject({
      author: 'editor 2',
      reviewer: 'a second pair of eyes',
      dossier: 'correcting-2022-03-26',
      changes: { addition: 3, correction: 1, editorial: 1, development: 0, retraction: 0 },
    });
    expect((await get(app, '/v1/revisions/2')).body).toEqual(body.data[1]);
    expect(await followPages(app, body.data[1].links.changes)).toHaveLength(5);
    expect((await get(app, '/v1/revisions/2?asOf=1')).status).toBe(404);
    expect((await get(app, '/v1/revisions/4')).status).toBe(404);
    expect((await get(app, '/v1/revisions/x')).status).toBe(400);
  });
});

describe('a dossier imported again', () => {
  it('changes nothing if it is the same, and keeps changes by other dossiers', async () => {
    const store = await createStoreOfThree();
    expect((await importInto(store, readDossier(BRUSSELS))).revision).toBeNull();
    const importResult = await importInto(store, editFacts(BRUSSELS, ['# ', '# A word of the editor. ']));
    expect(importResult).toMatchObject({
      revision: 4,
      added: [],
      modified: [],
      retracted: [],
      unchanged: 101,
    });
    const { body } = await get(await createApp(store), '/v1/sanctions-rounds/eu-on-russia-5');
    expect(body).toMatchObject({ version: 2, status: 'adopted' });
  });

  it('corrects its own facts only with a reason', async () => {
    const store = await createStoreOfThree();
    const better = editFacts(BRUSSELS, [
      'aliases: [Stoltenberg]',
      'aliases: [Stoltenberg, NATO Secretary General]',
    ]);
    expect(await catchImportConflicts(importInto(store, better, { note: null }))).toEqual([
      expect.stringMatching(
        /^reason-missing \/facts\/\d+ aliases of person\/jens-stoltenberg would be corrected/,
      ),
    ]);
    const importResult = await importInto(store, better, { note: 'He goes by his office too' });
    expect(importResult.modified).toMatchObject([{ id: 'jens-stoltenberg', cause: 'correction' }]);
    // The development by another dossier applies to the corrected fact.
    const { body } = await get(await createApp(store), '/v1/people/jens-stoltenberg');
    expect(body.aliases).toHaveLength(2);
    expect(body.posts).toHaveLength(2);
  });

  it('is rejected if it would change a field that another dossier has corrected', async () => {
    const store = await createStoreOfThree();
    const slovakia =
      'hostCountry: country/slovakia\n    alliance: organization/nato\n    status: announced\n    announcedOn: 2022-03-2';
    const otherwise = editFacts(BRUSSELS, [`${slovakia}3`, `${slovakia}1`]);
    expect(await catchImportConflicts(importInto(store, otherwise))).toEqual([
      expect.stringMatching(
        /^later-word \/facts\/\d+\/announcedOn .* is corrected by dossier correcting-2022-03-26/,
      ),
    ]);
    const agreeing = await importInto(store, editFacts(BRUSSELS, [`${slovakia}3`, `${slovakia}2`]));
    expect(agreeing.modified).toEqual([]);
  });

  it('retracts its corrections of other dossiers only with a reason', async () => {
    const store = await createStoreOfThree();
    const files = readDossier(CORRECTING);
    const from = files.facts.indexOf('corrects:');
    const without = {
      ...files,
      facts: files.facts.slice(0, from) + files.facts.slice(files.facts.indexOf('uncovered:')),
    };
    const removeUncovered = (facts: string) =>
      `${facts}  - {quote: "the battle group for Slovakia was announced on Tuesday", reason: Withdrawn}\n`;
    expect(
      await catchImportConflicts(importInto(store, { ...without, facts: removeUncovered(without.facts) })),
    ).toEqual([
      expect.stringContaining(
        'dossier correcting-2022-03-26 no longer amends battle-group-deployment/nato-slovakia',
      ),
    ]);
    const retractions =
      'retractions:\n  - {fact: battle-group-deployment/nato-slovakia, reason: The drawer was the wrong one}\n';
    const importResult = await importInto(store, {
      ...without,
      facts: retractions + removeUncovered(without.facts),
    });
    expect(importResult.modified).toEqual([
      expect.objectContaining({ id: 'nato-slovakia', cause: 'correction' }),
    ]);
    const app = await createApp(store);
    const { body } = await get(app, '/v1/battle-group-deployments/nato-slovakia');
    const first = await get(app, '/v1/battle-group-deployments/nato-slovakia?asOf=1');
    expect(body).toMatchObject({ version: 3, announcedOn: '2022-03-23', evidence: first.body.evidence });
  });
});
