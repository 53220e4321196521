import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  countReports,
  FACTS_PER_TYPE,
  type FactTypeName,
  type GeneratedDossier,
  generateArchive,
  generateLargeReport,
  generateReport,
  getCountsBefore,
} from '../../bench/fixtures/index.ts';
import { importGeneratedArchive, importGeneratedDossier } from '../../bench/import-fixtures.ts';
import { parseJson } from '../../src/dossier/parse-json.ts';
import { parseYaml } from '../../src/dossier/parse-yaml.ts';
import { type DossierFiles, validateDossier } from '../../src/dossier/validate.ts';
import type { FactBody } from '../../src/model/fact-body.ts';
import { seed as seedStore } from '../../src/seed.ts';
import { validateAgainstStore } from '../../src/store/import/import-dossier.ts';
import type { Store } from '../../src/store/open.ts';
import { CURRENT } from '../../src/store/schema.ts';
import { createSqliteStore } from '../support/app.ts';

const FACTS = 2_000;
/**
 * Wide enough for countries: their number is limited by the codes, so their share here is a fifth smaller.
 */
const SHARE_TOLERANCE = 0.25;
const BODY_TOLERANCE = 0.2;
const LIST_TOLERANCE = 0.5;

const TYPES = Object.keys(FACTS_PER_TYPE) as FactTypeName[];
const hashDossier = ({ files, note }: GeneratedDossier) =>
  createHash('sha256')
    .update(JSON.stringify([files, note]))
    .digest('hex');
const hashFirst = (count: number, facts: number, seed: number) =>
  generateArchive({ facts, seed }).take(count).map(hashDossier).toArray();

describe('generateArchive', () => {
  it('generates the same bytes on any machine', () => {
    expect(hashFirst(4, FACTS, 1)).toMatchInlineSnapshot(`
      [
        "035b4b7ab554bfb9f38ad6d2c164c25b6f4930185d1fe766d699f5fda1ca562e",
        "252f139962a40ee855618ff364c7c32c35a673f20e6f4cc7e0987507f60bd1f2",
        "78150d95b6bb5566aaa1e849a042e446c8ab01c9bf7320880f872f10a38a1592",
        "6d5f2c8dcc477472d4b02e8f6bc7a56eac24add231254de8c4d1d070e93ec4b6",
      ]
    `);
  });

  it('generates other dossiers for another seed, and the same first ones for another size', () => {
    expect(new Set([...hashFirst(4, FACTS, 1), ...hashFirst(4, FACTS, 2)]).size).toBe(8);
    expect(hashFirst(4, 10 * FACTS, 1)).toEqual(hashFirst(4, FACTS, 1));
  });

  it('has files that match the parsed value', () => {
    for (const { files, parsed } of generateArchive({ facts: 300, seed: 1 })) {
      expect(parseYaml(files.facts).value).toEqual(parsed.value);
      expect(parsed.getPosition(['facts', 7, 'id'])).toEqual(
        parseJson(files.facts).getPosition(['facts', 7, 'id']),
      );
    }
  });

  it('has no problems and no references to later reports', async () => {
    const references = new Set<string>();
    for (const { files, parsed } of generateArchive({ facts: FACTS, seed: 7 })) {
      const getKnownReferences = async () => references;
      expect((await validateDossier(files, getKnownReferences, parsed)).problems).toEqual([]);
      for (const { type, id } of (parsed.value as { facts: { type: string; id: string }[] }).facts) {
        references.add(`${type}/${id}`);
      }
    }
  });

  it('also generates large reports', async () => {
    const store = await createSqliteStore();
    for (const n of [0, 1, 2]) await importGeneratedDossier(store, generateReport({ seed: 1, n }));
    const large = generateLargeReport({ seed: 1, n: 3, facts: 500 });
    const { dossier, problems } = await validateAgainstStore(store, large.files, large.parsed);
    expect(problems).toEqual([]);
    expect(Math.abs((dossier?.facts.length ?? 0) - 500)).toBeLessThan(10);
  });
});

describe('a store with generated dossiers', () => {
  let generatedMeans: MeansByType;
  let realMeans: MeansByType;
  let store: Store;

  beforeAll(async () => {
    store = await createSqliteStore();
    const progressCalls: number[][] = [];
    await importGeneratedArchive(store, {
      facts: FACTS,
      seed: 1,
      onProgress: (...progress) => progressCalls.push(progress),
    });
    expect(progressCalls.at(-1)).toEqual([countReports(FACTS), countReports(FACTS)]);
    generatedMeans = await computeMeans(store);
    const other = await createSqliteStore();
    await seedStore(other, 'db/dossiers');
    realMeans = await computeMeans(other);
  });

  it('has about the requested number of facts, of every type', () => {
    const count = Object.values(generatedMeans).reduce((sum, { facts }) => sum + facts, 0);
    expect(count).toBeGreaterThan(FACTS * 0.98);
    expect(count).toBeLessThan(FACTS * 1.02);
    expect(Object.keys(generatedMeans).sort()).toEqual(Object.keys(realMeans).sort());
  });

  it('has the proportions of the first dossier', () => {
    const reports = countReports(FACTS);
    for (const type of TYPES) {
      expect(FACTS_PER_TYPE[type], type).toBe(realMeans[type]?.facts);
      expect(generatedMeans[type]?.facts, type).toBe(getCountsBefore(reports)[type]);
      expectWithin(
        SHARE_TOLERANCE,
        (generatedMeans[type]?.facts ?? 0) / reports,
        FACTS_PER_TYPE[type],
        `facts of ${type}`,
      );
    }
  });

  it('has facts of the same length and with as much evidence as the first dossier', () => {
    for (const type of TYPES) {
      const [made, meant] = [generatedMeans[type] as TypeMeans, realMeans[type] as TypeMeans];
      expectWithin(BODY_TOLERANCE, made.length, meant.length, `length of ${type}`);
      expectWithin(LIST_TOLERANCE, made.evidence, meant.evidence, `evidence of ${type}`);
      expectWithin(LIST_TOLERANCE, made.inferences, meant.inferences, `inferences of ${type}`);
    }
  });

  it('has dossiers that satisfy all invariants when validated again', async () => {
    const dossiers = await store.read((db) =>
      db.selectFrom('dossier').select(['id', 'source', 'facts']).orderBy('rev_from').execute(),
    );
    expect(dossiers.length).toBeGreaterThan(countReports(FACTS));
    for (const files of dossiers) expect(await findProblemCodes(store, files)).toEqual([]);
    // Validation does find problems: each of these changes breaks one of the five invariants.
    const files = dossiers[3] as DossierFiles;
    for (const [code, spoil] of MODIFICATIONS) {
      const modified = JSON.parse(files.facts) as ModifiedFacts;
      spoil((type) => modified.facts.find((fact) => fact['type'] === type) ?? {});
      expect(await findProblemCodes(store, { ...files, facts: JSON.stringify(modified) }), code).toContain(
        code,
      );
    }
    const source = `${files.source}Nobody says anything of this.\n`;
    expect(await findProblemCodes(store, { ...files, source })).toEqual(['uncovered-sentence']);
  });

  it('has several versions of a tenth of its facts, from corrections and developments', async () => {
    const rows = await store.read((db) =>
      db.selectFrom('fact').select(['version', 'rev_to', 'cause']).execute(),
    );
    const current = rows.filter(({ rev_to }) => rev_to === CURRENT);
    const several = current.filter(({ version }) => version > 1);
    expect(several.length / current.length).toBeGreaterThan(0.08);
    expect(several.length / current.length).toBeLessThan(0.12);
    for (const cause of ['correction', 'development'] as const) {
      expect(rows.filter((row) => row.cause === cause).length, cause).toBeGreaterThan(FACTS / 50);
    }
  });

  it('has frequent speakers, and many with a single statement', async () => {
    const rows = await store.read((db) =>
      db
        .selectFrom('term')
        .select((eb) => ['value', eb.fn.countAll<number>().as('times')])
        .where('type', '=', 'statement')
        .where('field', '=', 'speakers')
        .where('rev_to', '=', CURRENT)
        .groupBy('value')
        .orderBy('times', 'desc')
        .execute(),
    );
    const all = rows.reduce((sum, { times }) => sum + times, 0);
    expect(rows[0]?.times).toBeGreaterThan(all / 20);
    expect(rows.filter(({ times }) => times === 1).length).toBeGreaterThan(20);
  });
});

interface ModifiedFacts {
  facts: Record<string, unknown>[];
}

/** Problem codes, each with a change that breaks another invariant. */
const MODIFICATIONS: [string, (fact: (type: FactTypeName) => Record<string, unknown>) => void][] = [
  ['invalid-field', (fact) => Object.assign(fact('figure'), { evidence: [] })],
  [
    'quotation-missing',
    (fact) => Object.assign(fact('country'), { evidence: [{ quote: 'Nobody', supports: ['name'] }] }),
  ],
  ['unsupported-field', (fact) => Object.assign(fact('country'), { inferences: [] })],
  ['unknown-reference', (fact) => Object.assign(fact('stance'), { actor: 'country/atlantis' })],
];

async function findProblemCodes(store: Store, files: DossierFiles): Promise<string[]> {
  const { problems } = await validateAgainstStore(store, files, parseJson(files.facts));
  return problems.map(({ code }) => code);
}

interface TypeMeans {
  facts: number;
  length: number;
  evidence: number;
  inferences: number;
}
type MeansByType = Record<string, TypeMeans>;

/** Counts the facts of each type, and computes means of their first versions. */
async function computeMeans(store: Store): Promise<MeansByType> {
  const rows = await store.read((db) =>
    db.selectFrom('fact').select(['type', 'body']).where('version', '=', 1).execute(),
  );
  const byType = Map.groupBy(rows, ({ type }) => type);
  return Object.fromEntries(
    [...byType].map(([type, facts]) => {
      const mean = (measure: (body: string) => number) =>
        facts.reduce((sum, { body }) => sum + measure(body), 0) / facts.length;
      const parseBody = (text: string) => JSON.parse(text) as FactBody;
      return [
        type,
        {
          facts: facts.length,
          length: mean((text) => text.length),
          evidence: mean((text) => parseBody(text).evidence?.length ?? 0),
          inferences: mean((text) => parseBody(text).inferences.length),
        },
      ];
    }),
  );
}

function expectWithin(tolerance: number, value: number, expected: number, label: string): void {
  expect(value, label).toBeGreaterThan(expected * (1 - tolerance));
  expect(value, label).toBeLessThan(expected * (1 + tolerance));
}
