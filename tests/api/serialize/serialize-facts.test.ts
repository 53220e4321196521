/** Comparison of the text-based serialization of facts with a plain parse and stringify. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../bench/fixtures/random.ts';
import { serializeFacts } from '../../../src/api/serialize/serialize-facts.ts';
import { collectReferences, type FactBody } from '../../../src/model/fact-body.ts';
import type { Reference } from '../../../src/model/fields.ts';
import { getFactType } from '../../../src/model/types/index.ts';
import { DOSSIERS_FOLDER, seed as seedStore } from '../../../src/seed.ts';
import type { Reader } from '../../../src/store/database.ts';
import { redactDocument } from '../../../src/store/import/redact.ts';
import type { Store } from '../../../src/store/open.ts';
import { type FactRow, findFactsByRows } from '../../../src/store/queries/facts.ts';
import { latestRevision } from '../../../src/store/queries/revisions.ts';
import { createStore, importInto } from '../../support/app.ts';
import { buildDossier } from '../../support/dossier-builder.ts';
import { buildXssDossier } from '../../support/xss-fixtures.ts';

const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);

let store: Store;
/** Current facts by `type/id`. */
let current: Map<string, FactRow>;
let everyVersion: FactRow[];
let revision: number;

beforeAll(async () => {
  store = await createStore();
  await seedStore(store, DOSSIERS_FOLDER);
  await seedStore(store, 'tests/fixtures/dossiers');
  await importInto(store, buildXssDossier());
  const person = { type: 'person', id: 'p', name: 'Ilze', evidence: [{ quote: 'Ilze', supports: ['name'] }] };
  const both = { id: 'withdrawing', source: 'Ilze spoke. She left.' };
  const uncovered = [{ quote: 'She left', reason: 'Nothing is drawn from it' }];
  await importInto(store, buildDossier({ ...both, facts: [person, { ...person, id: 'q' }], uncovered }));
  const retractions = [{ fact: 'person/p', reason: 'A "second"\nrecord, of {"type":"person","id":"q"}' }];
  await importInto(store, buildDossier({ ...both, facts: [{ ...person, id: 'q' }], uncovered, retractions }));
  await redactDocument(store, 'correcting-2022-03-26', { author: 'a tester', reason: 'Asked "for"' });
  await store.read(async (db) => {
    revision = (await latestRevision(db))?.n ?? 0;
    const rows = await db.selectFrom('fact').select(['row', 'rev_to']).execute();
    everyVersion = await findFactsByRows(
      db,
      rows.map(({ row }) => row),
    );
    const open = new Set(rows.filter(({ rev_to }) => rev_to > revision).map(({ row }) => row));
    const newest = everyVersion.filter(({ row }) => open.has(row));
    current = new Map(newest.map((row) => [`${row.type}/${row.id}`, row]));
  });
});

/** Reference implementation: parses the body and serializes the fact. */
function serializePlainly(row: FactRow): string {
  const body = JSON.parse(row.body) as FactBody;
  const findCurrent = (reference: Reference) => current.get(`${reference.type}/${reference.id}`);
  for (const to of collectReferences(body)) Object.assign(to, { label: findCurrent(to)?.label ?? to.id });
  for (const { document } of body.evidence ?? []) {
    const { sha256 = '', publishedOn = null, url = null } = JSON.parse(findCurrent(document)?.body ?? '{}');
    Object.assign(document, { sha256, publishedOn, url });
  }
  const { accordingTo, evidence, inferences, redacted, ...own } = body;
  const { type, id, label, version, reported_on: reportedOn, recorded_at: recordedAt } = row;
  const { collection } = getFactType(type);
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

const serialize = (rows: FactRow[]) => store.read((db: Reader) => serializeFacts(db, revision, rows));

describe('the JSON of a fact', () => {
  it('equals the reference implementation for every version in the test store', async () => {
    expect(everyVersion.length).toBeGreaterThan(100);
    expect(everyVersion.some(({ retracted }) => retracted !== null)).toBe(true);
    expect(everyVersion.some(({ body }) => 'redacted' in JSON.parse(body))).toBe(true);
    expect(await serialize(everyVersion)).toEqual(everyVersion.map(serializePlainly));
  });

  it(`equals the reference implementation for random texts (FC_SEED=${seed})`, async () => {
    const random = createRandom(seed);
    const rows = Array.from({ length: 300 }, (_, n) => createRandomRow(random, n));
    expect(await serialize(rows)).toEqual(rows.map(serializePlainly));
  });
});

/** Texts that the serializer searches for in a body, and texts that could confuse it. */
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

function createRandomRow({ below, pick }: Random, n: number): FactRow {
  const text = () => Array.from({ length: below(6) }, () => pick(SNIPPETS)).join('');
  const repeat = <T>(make: () => T): T[] => Array.from({ length: below(3) }, make);
  const knownFacts = [...current.values(), { type: 'person', id: 'missing-1' }];
  const reference = (): Reference => {
    const { type, id } = pick(knownFacts);
    return { type, id };
  };
  const ofDocument = { type: 'document', id: pick(['hostile', 'withdrawing', 'missing']) };
  const ownFields = {
    [text()]: text(),
    to: reference(),
    all: repeat(reference),
    deep: { list: repeat(text) },
  };
  const inferences = repeat(() => ({ fields: repeat(text), kind: 'derived', note: text() }));
  const hasEvidence = below(4) > 0;
  const span = () => ({
    document: { ...ofDocument },
    start: n,
    end: n + 1,
    exact: text(),
    supports: [text()],
  });
  const redaction = below(2) > 0 ? { redacted: { revision: 1, reason: text() } } : {};
  const body = hasEvidence
    ? { ...ownFields, accordingTo: below(2) > 0 ? reference() : null, evidence: repeat(span), inferences }
    : { ...ownFields, inferences, ...redaction };
  return {
    ...{
      row: n,
      type: hasEvidence ? 'event' : 'document',
      id: `made-${n}`,
      version: 1 + below(3),
      label: text(),
    },
    reported_on: below(2) > 0 ? '2022-03-24' : null,
    retracted: below(2) > 0 ? JSON.stringify({ revision: 1, reason: text() }) : null,
    ...{ body: JSON.stringify(body), revision: 1, recorded_at: '2022-03-24T12:00:00.000Z' },
  };
}
