/** Facts are written from the text of their bodies: here they are held against bodies that are taken apart and put together. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Random, randomOf } from '../../../bench/fixtures/random.ts';
import { writtenFacts } from '../../../src/api/serialize/serialize-facts.ts';
import { type FactBody, referencesIn } from '../../../src/model/fact-body.ts';
import type { Reference } from '../../../src/model/fields.ts';
import { resourceOf } from '../../../src/model/types/index.ts';
import { DOSSIERS_FOLDER, seed as seedStore } from '../../../src/seed.ts';
import type { Reader } from '../../../src/store/database.ts';
import { redactDocument } from '../../../src/store/import/redact.ts';
import type { Store } from '../../../src/store/open.ts';
import { type FactRow, factsIn } from '../../../src/store/queries/facts.ts';
import { newestRevision } from '../../../src/store/queries/revisions.ts';
import { emptyStore, importInto } from '../../support/app.ts';
import { dossierOf } from '../../support/dossier-builder.ts';
import { hostileDossier } from '../../support/xss-fixtures.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

let store: Store;
/** By `type/id`. */
let current: Map<string, FactRow>;
let everyVersion: FactRow[];
let revision: number;

beforeAll(async () => {
  store = await emptyStore();
  await seedStore(store, DOSSIERS_FOLDER);
  await seedStore(store, 'tests/fixtures/dossiers');
  await importInto(store, hostileDossier());
  const person = { type: 'person', id: 'p', name: 'Ilze', evidence: [{ quote: 'Ilze', supports: ['name'] }] };
  const both = { id: 'withdrawing', source: 'Ilze spoke. She left.' };
  const uncovered = [{ quote: 'She left', reason: 'Nothing is drawn from it' }];
  await importInto(store, dossierOf({ ...both, facts: [person, { ...person, id: 'q' }], uncovered }));
  const retractions = [{ fact: 'person/p', reason: 'A "second"\nrecord, of {"type":"person","id":"q"}' }];
  await importInto(store, dossierOf({ ...both, facts: [{ ...person, id: 'q' }], uncovered, retractions }));
  await redactDocument(store, 'correcting-2022-03-26', { author: 'a tester', reason: 'Asked "for"' });
  await store.read(async (db) => {
    revision = (await newestRevision(db))?.n ?? 0;
    const rows = await db.selectFrom('fact').select(['row', 'rev_to']).execute();
    everyVersion = await factsIn(
      db,
      rows.map(({ row }) => row),
    );
    const open = new Set(rows.filter(({ rev_to }) => rev_to > revision).map(({ row }) => row));
    const newest = everyVersion.filter(({ row }) => open.has(row));
    current = new Map(newest.map((row) => [`${row.type}/${row.id}`, row]));
  });
});

/** What a fact is answered as, by the plainest way there is. */
function plainly(row: FactRow): string {
  const body = JSON.parse(row.body) as FactBody;
  const known = (to: Reference) => current.get(`${to.type}/${to.id}`);
  for (const to of referencesIn(body)) Object.assign(to, { label: known(to)?.label ?? to.id });
  for (const { document } of body.evidence ?? []) {
    const { sha256 = '', publishedOn = null, url = null } = JSON.parse(known(document)?.body ?? '{}');
    Object.assign(document, { sha256, publishedOn, url });
  }
  const { accordingTo, evidence, inferences, redacted, ...own } = body;
  const { type, id, label, version, reported_on: reportedOn, recorded_at: recordedAt } = row;
  const { collection } = resourceOf(type);
  return JSON.stringify({
    ...{ type, id, label, version },
    ...own,
    accordingTo,
    ...{ reportedOn, recordedAt, revision: row.revision },
    evidence,
    inferences,
    links: { self: `/v1/${collection}/${id}`, html: `/${collection}/${id}` },
    retracted: row.retracted === null ? undefined : JSON.parse(row.retracted),
    redacted,
  });
}

const written = (rows: FactRow[]) => store.read((db: Reader) => writtenFacts(db, revision, rows));

describe('the JSON of a fact', () => {
  it('is that of its body with the labels in it, for every version of the stores of tests', async () => {
    expect(everyVersion.length).toBeGreaterThan(100);
    expect(everyVersion.some(({ retracted }) => retracted !== null)).toBe(true);
    expect(everyVersion.some(({ body }) => 'redacted' in JSON.parse(body))).toBe(true);
    expect(await written(everyVersion)).toEqual(everyVersion.map(plainly));
  });

  it(`is so whatever its texts say (FC_SEED=${seed})`, async () => {
    const random = randomOf(seed);
    const rows = Array.from({ length: 300 }, (_, n) => hostileRow(random, n));
    expect(await written(rows)).toEqual(rows.map(plainly));
  });
});

/** What the writer looks for in a body, and what could make it look like something else. */
const SNIPPETS = [
  '{"type":"person","id":"q"}',
  '"type":"person"',
  ',"evidence":[',
  ',"inferences":[',
  ',"redacted":{',
  '"',
  '\\',
  '\\"',
  '{',
  '}',
  '],',
  '\n',
  '$&',
  'Ā',
  '🗳',
];

function hostileRow({ below, pick }: Random, n: number): FactRow {
  const text = () => Array.from({ length: below(6) }, () => pick(SNIPPETS)).join('');
  const several = <T>(make: () => T): T[] => Array.from({ length: below(3) }, make);
  const named = [...current.values(), { type: 'person', id: 'nobody-1' }];
  const reference = (): Reference => {
    const { type, id } = pick(named);
    return { type, id };
  };
  const ofDocument = { type: 'document', id: pick(['hostile', 'withdrawing', 'nobody']) };
  const own = { [text()]: text(), to: reference(), all: several(reference), deep: { list: several(text) } };
  const inferences = several(() => ({ fields: several(text), kind: 'derived', note: text() }));
  const sourced = below(4) > 0;
  const span = () => ({
    document: { ...ofDocument },
    start: n,
    end: n + 1,
    exact: text(),
    supports: [text()],
  });
  const redacted = below(2) > 0 ? { redacted: { revision: 1, reason: text() } } : {};
  const body = sourced
    ? { ...own, accordingTo: below(2) > 0 ? reference() : null, evidence: several(span), inferences }
    : { ...own, inferences, ...redacted };
  return {
    ...{
      row: n,
      type: sourced ? 'event' : 'document',
      id: `made-${n}`,
      version: 1 + below(3),
      label: text(),
    },
    reported_on: below(2) > 0 ? '2022-03-24' : null,
    retracted: below(2) > 0 ? JSON.stringify({ revision: 1, reason: text() }) : null,
    ...{ body: JSON.stringify(body), revision: 1, recorded_at: '2022-03-24T12:00:00.000Z' },
  };
}
