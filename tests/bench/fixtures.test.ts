import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  archive,
  countsBefore,
  type FactType,
  largeReport,
  type MadeDossier,
  reportOf,
  reportsFor,
  SHARES,
} from '../../bench/fixtures/index.ts';
import { add, fill } from '../../bench/import-fixtures.ts';
import { parseJson } from '../../src/dossier/parse-json.ts';
import { parseYaml } from '../../src/dossier/parse-yaml.ts';
import { checkDossier, type DossierFiles } from '../../src/dossier/validate.ts';
import type { FactBody } from '../../src/model/fact-body.ts';
import { seed as seedStore } from '../../src/seed.ts';
import { checkAgainst } from '../../src/store/import/import-dossier.ts';
import type { Store } from '../../src/store/open.ts';
import { OPEN_END } from '../../src/store/schema.ts';
import { sqliteStore } from '../support/app.ts';

const FACTS = 2_000;
/** Countries are no more than there are codes for: their share is a fifth smaller here already, that of others grows. */
const SHARES_WITHIN = 0.25;
const BODIES_WITHIN = 0.2;
const LISTS_WITHIN = 0.5;

const TYPES = Object.keys(SHARES) as FactType[];
const sha256Of = ({ files, note }: MadeDossier) =>
  createHash('sha256')
    .update(JSON.stringify([files, note]))
    .digest('hex');
const first = (count: number, facts: number, seed: number) =>
  archive({ facts, seed }).take(count).map(sha256Of).toArray();

describe('an invented archive', () => {
  it('is the same to the byte on any machine', () => {
    expect(first(4, FACTS, 1)).toMatchInlineSnapshot(`
      [
        "035b4b7ab554bfb9f38ad6d2c164c25b6f4930185d1fe766d699f5fda1ca562e",
        "252f139962a40ee855618ff364c7c32c35a673f20e6f4cc7e0987507f60bd1f2",
        "78150d95b6bb5566aaa1e849a042e446c8ab01c9bf7320880f872f10a38a1592",
        "6d5f2c8dcc477472d4b02e8f6bc7a56eac24add231254de8c4d1d070e93ec4b6",
      ]
    `);
  });

  it('is another one for another seed, and begins alike whatever its size', () => {
    expect(new Set([...first(4, FACTS, 1), ...first(4, FACTS, 2)]).size).toBe(8);
    expect(first(4, 10 * FACTS, 1)).toEqual(first(4, FACTS, 1));
  });

  it('says in its files what is said to stand in them', () => {
    for (const { files, parsed } of archive({ facts: 300, seed: 1 })) {
      expect(parseYaml(files.facts).value).toEqual(parsed.value);
      expect(parsed.positionOf(['facts', 7, 'id'])).toEqual(
        parseJson(files.facts).positionOf(['facts', 7, 'id']),
      );
    }
  });

  it('speaks of no report that comes later', async () => {
    const given = new Set<string>();
    for (const { files, parsed } of archive({ facts: FACTS, seed: 7 })) {
      const known = async () => given;
      expect((await checkDossier(files, known, parsed)).problems).toEqual([]);
      for (const { type, id } of (parsed.value as { facts: { type: string; id: string }[] }).facts) {
        given.add(`${type}/${id}`);
      }
    }
  });

  it('has large reports, too', async () => {
    const store = await sqliteStore();
    for (const n of [0, 1, 2]) await add(store, reportOf({ seed: 1, n }));
    const large = largeReport({ seed: 1, n: 3, facts: 500 });
    const { dossier, problems } = await checkAgainst(store, large.files, large.parsed);
    expect(problems).toEqual([]);
    expect(Math.abs((dossier?.facts.length ?? 0) - 500)).toBeLessThan(10);
  });
});

describe('a store of an archive', () => {
  let invented: Means;
  let real: Means;
  let store: Store;

  beforeAll(async () => {
    store = await sqliteStore();
    const told: number[][] = [];
    await fill(store, { facts: FACTS, seed: 1, onProgress: (...progress) => told.push(progress) });
    expect(told.at(-1)).toEqual([reportsFor(FACTS), reportsFor(FACTS)]);
    invented = await meansIn(store);
    const other = await sqliteStore();
    await seedStore(other, 'db/dossiers');
    real = await meansIn(other);
  });

  it('has about as many facts as were asked for, of every type there is', () => {
    const count = Object.values(invented).reduce((sum, { facts }) => sum + facts, 0);
    expect(count).toBeGreaterThan(FACTS * 0.98);
    expect(count).toBeLessThan(FACTS * 1.02);
    expect(Object.keys(invented).sort()).toEqual(Object.keys(real).sort());
  });

  it('has the proportions of the first dossier', () => {
    const reports = reportsFor(FACTS);
    for (const type of TYPES) {
      expect(SHARES[type], type).toBe(real[type]?.facts);
      expect(invented[type]?.facts, type).toBe(countsBefore(reports)[type]);
      expectWithin(SHARES_WITHIN, (invented[type]?.facts ?? 0) / reports, SHARES[type], `facts of ${type}`);
    }
  });

  it('has facts as long, and as well carried, as those of the first dossier', () => {
    for (const type of TYPES) {
      const [made, meant] = [invented[type] as Mean, real[type] as Mean];
      expectWithin(BODIES_WITHIN, made.length, meant.length, `length of ${type}`);
      expectWithin(LISTS_WITHIN, made.evidence, meant.evidence, `evidence of ${type}`);
      expectWithin(LISTS_WITHIN, made.inferences, meant.inferences, `inferences of ${type}`);
    }
  });

  it('holds dossiers that keep all invariants, read from their own words', async () => {
    const dossiers = await store.read((db) =>
      db.selectFrom('dossier').select(['id', 'source', 'facts']).orderBy('rev_from').execute(),
    );
    expect(dossiers.length).toBeGreaterThan(reportsFor(FACTS));
    for (const files of dossiers) expect(await problemsOf(store, files)).toEqual([]);
    // The check would tell: each of these breaks one of the five.
    const files = dossiers[3] as DossierFiles;
    for (const [code, spoil] of SPOILED) {
      const spoiled = JSON.parse(files.facts) as Spoiled;
      spoil((type) => spoiled.facts.find((fact) => fact['type'] === type) ?? {});
      expect(await problemsOf(store, { ...files, facts: JSON.stringify(spoiled) }), code).toContain(code);
    }
    const source = `${files.source}Nobody says anything of this.\n`;
    expect(await problemsOf(store, { ...files, source })).toEqual(['uncovered-sentence']);
  });

  it('has several versions of a tenth of its facts, by corrections and developments', async () => {
    const rows = await store.read((db) =>
      db.selectFrom('fact').select(['version', 'rev_to', 'cause']).execute(),
    );
    const current = rows.filter(({ rev_to }) => rev_to === OPEN_END);
    const several = current.filter(({ version }) => version > 1);
    expect(several.length / current.length).toBeGreaterThan(0.08);
    expect(several.length / current.length).toBeLessThan(0.12);
    for (const cause of ['correction', 'development'] as const) {
      expect(rows.filter((row) => row.cause === cause).length, cause).toBeGreaterThan(FACTS / 50);
    }
  });

  it('has people who speak all the time, and people who spoke once', async () => {
    const rows = await store.read((db) =>
      db
        .selectFrom('term')
        .select((eb) => ['value', eb.fn.countAll<number>().as('times')])
        .where('type', '=', 'statement')
        .where('field', '=', 'speakers')
        .where('rev_to', '=', OPEN_END)
        .groupBy('value')
        .orderBy('times', 'desc')
        .execute(),
    );
    const all = rows.reduce((sum, { times }) => sum + times, 0);
    expect(rows[0]?.times).toBeGreaterThan(all / 20);
    expect(rows.filter(({ times }) => times === 1).length).toBeGreaterThan(20);
  });
});

interface Spoiled {
  facts: Record<string, unknown>[];
}

/** What a dossier may be told of, each after another invariant, and how to bring it about. */
const SPOILED: [string, (fact: (type: FactType) => Record<string, unknown>) => void][] = [
  ['invalid-field', (fact) => Object.assign(fact('figure'), { evidence: [] })],
  [
    'quotation-missing',
    (fact) => Object.assign(fact('country'), { evidence: [{ quote: 'Nobody', supports: ['name'] }] }),
  ],
  ['unsupported-field', (fact) => Object.assign(fact('country'), { inferences: [] })],
  ['unknown-reference', (fact) => Object.assign(fact('stance'), { actor: 'country/atlantis' })],
];

async function problemsOf(store: Store, files: DossierFiles): Promise<string[]> {
  const { problems } = await checkAgainst(store, files, parseJson(files.facts));
  return problems.map(({ code }) => code);
}

interface Mean {
  facts: number;
  length: number;
  evidence: number;
  inferences: number;
}
type Means = Record<string, Mean>;

/** How many facts of each type there are, and what they are like as they came in. */
async function meansIn(store: Store): Promise<Means> {
  const rows = await store.read((db) =>
    db.selectFrom('fact').select(['type', 'body']).where('version', '=', 1).execute(),
  );
  const byType = Map.groupBy(rows, ({ type }) => type);
  return Object.fromEntries(
    [...byType].map(([type, facts]) => {
      const mean = (measure: (body: string) => number) =>
        facts.reduce((sum, { body }) => sum + measure(body), 0) / facts.length;
      const bodyOf = (text: string) => JSON.parse(text) as FactBody;
      return [
        type,
        {
          facts: facts.length,
          length: mean((text) => text.length),
          evidence: mean((text) => bodyOf(text).evidence?.length ?? 0),
          inferences: mean((text) => bodyOf(text).inferences.length),
        },
      ];
    }),
  );
}

function expectWithin(tolerance: number, value: number, meant: number, of: string): void {
  expect(value, of).toBeGreaterThan(meant * (1 - tolerance));
  expect(value, of).toBeLessThan(meant * (1 + tolerance));
}
