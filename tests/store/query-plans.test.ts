/** How SQLite goes about each question: `query-plans.txt` beside this file has it all, so that a change of it can be seen. */
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Resource } from '../../src/model/fact-type.ts';
import { absent } from '../../src/model/index-terms.ts';
import type { Field } from '../../src/model/schema-fields.ts';
import { resources } from '../../src/model/types/index.ts';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import type { Reader } from '../../src/store/database.ts';
import { openStore, openStoreToRead } from '../../src/store/open.ts';
import { countValues } from '../../src/store/queries/facets.ts';
import type { Condition } from '../../src/store/queries/filters.ts';
import { countFacts, findPage, type ListQuestion, type Sort } from '../../src/store/queries/list.ts';
import { type Plan, planFor } from '../../src/store/queries/list-plan.ts';
import { findHits } from '../../src/store/queries/search.ts';
import { appOn, get, kept, sqliteStoreUrl } from '../support/app.ts';

const REVISION = 1;

/** Parts of plans that look at everything, or sort what was found, each with why it may. */
const MAY: [question: RegExp, step: RegExp, why: string][] = [
  [/./, /^SCAN CONSTANT ROW$/, 'no row of any table'],
  [/./, /^SCAN (t|i|asked|given|json_each) VIRTUAL TABLE/, 'the values of one parameter'],
  [/./, /^SCAN search (EXISTS )?VIRTUAL TABLE INDEX 0:=?M/, 'the full-text index, asked for words'],
  [/./, /^SCAN (capped|counted|c|s|met|\(subquery-\d+\))$/, 'what a part of the query has found'],
  [/./, /^SCAN revision$/, 'the newest two, by their numbers'],
  [
    /^(facet|count) of|FacetsCsv$|Facets$/,
    /^USE TEMP B-TREE FOR (GROUP BY|ORDER BY)$/,
    'counts, by which values are ordered',
  ],
  [/rare condition|planned:/, /^USE TEMP B-TREE FOR/, 'at most a thousand rows, found by the condition'],
  [/^search|searchFacts/, /^USE TEMP B-TREE FOR/, 'hits in an order that no index of words has'],
  [/References$/, /^USE TEMP B-TREE FOR LAST TERM/, 'the fields by which one fact refers to another'],
  [/listDocumentFacts/, /^USE TEMP B-TREE FOR/, 'the facts of one passage'],
  [
    /listDocuments$|StatementsAtom/,
    /^USE TEMP B-TREE FOR ORDER BY$/,
    'few facts, whose ids the example names',
  ],
  [/(list|export)Changes/, /^USE TEMP B-TREE FOR ORDER BY$/, 'changes of one type, in a thread of their own'],
  [/listDossiers/, /^SCAN d USING INDEX sqlite_autoindex_dossier_1$/, 'a page in the order of the index'],
  [/listRevisions/, /^USE TEMP B-TREE FOR GROUP BY/, 'the revisions of one page'],
];

/** The steps that a statement takes, and which of its texts took them. */
const plans = new Map<string, Set<string>>();
let url: string;
let explaining: BetterSqlite3.Database;

beforeAll(async () => {
  url = sqliteStoreUrl();
  await seed(kept(await openStore(url)), DOSSIERS_FOLDER);
  explaining = new BetterSqlite3(url.slice('file:'.length));
  explaining.function('in_time', () => 1);
});

afterAll(() => {
  explaining.close();
});

/** Every text that `work` has prepared on a new handle. */
async function statementsOf(work: (db: Reader) => Promise<unknown>): Promise<Set<string>> {
  const texts = new Set<string>();
  const prepare = vi.spyOn(BetterSqlite3.prototype, 'prepare');
  try {
    const store = await openStoreToRead(url);
    prepare.mock.calls.length = 0;
    await store.read(work);
    for (const [text] of prepare.mock.calls) texts.add(text);
    await store.close();
  } finally {
    prepare.mockRestore();
  }
  return texts;
}

function stepsOf(text: string): string[] {
  const values = (text.match(/\?/g) ?? []).map(() => null);
  const rows = explaining.prepare(`explain query plan ${text}`).all(...values) as { detail: string }[];
  return rows.map(({ detail }) => detail);
}

/** Notes how the statements of a question are answered. */
async function note(question: string, work: (db: Reader) => Promise<unknown>): Promise<void> {
  keep(question, await statementsOf(work));
}

function keep(question: string, texts: Set<string>): void {
  for (const text of texts) {
    if (!/^\s*(select|with)\b/.test(text)) continue;
    const plan = stepsOf(text).join('\n');
    plans.set(plan, (plans.get(plan) ?? new Set()).add(question));
  }
}

const listQuestion = (resource: Resource, rest: Partial<ListQuestion> = {}): ListQuestion => ({
  type: resource.type,
  revision: REVISION,
  conditions: [],
  retracted: false,
  sort: { field: 'id', descending: false },
  after: null,
  limit: 20,
  ...rest,
});

const page = (question: ListQuestion, plan: Plan) => (db: Reader) => findPage(db, question, plan);

const PLAIN: Plan = { rare: null, walked: null, asked: [], scans: false };

const ways = (field: string): [string, Sort][] => [
  [field, { field, descending: false }],
  [`-${field}`, { field, descending: true }],
];

async function noteSorts(resource: Resource): Promise<void> {
  const fields = ['id', 'label', 'reportedOn', ...resource.sorts];
  for (const [, sort] of [...new Set(fields)].flatMap(ways)) {
    const by = sort.field === 'id' ? 'id' : 'a field';
    const title = `list by ${by}, ${sort.descending ? 'descending' : 'ascending'}`;
    const value = sort.field === 'id' ? null : 'm';
    await note(`${title}, first page`, page(listQuestion(resource, { sort }), PLAIN));
    const after = { value, id: 'm' };
    await note(`${title}, later page`, page(listQuestion(resource, { sort, after }), PLAIN));
    if (sort.field === 'id') continue;
    const nulls = listQuestion(resource, { sort, after: { value: null, id: 'm' } });
    await note(`${title}, later page, of those without it`, page(nulls, PLAIN));
  }
  await note('list by id, with those retracted', page(listQuestion(resource, { retracted: true }), PLAIN));
}

const termOf = ({ path, types }: Field, value: string) => ({ field: path, value, refType: types[0] ?? null });

/** The conditions that one filter may come to. */
const conditionsOn = (field: Field): [string, Condition][] => [
  ['one value', { kind: 'terms', anyOf: [termOf(field, 'a')] }],
  ['one of two values', { kind: 'terms', anyOf: [termOf(field, 'a'), termOf(field, 'b')] }],
  ['no value', { kind: 'terms', anyOf: [{ field: absent(field.path), value: '', refType: null }] }],
];

const OTHERS: [string, Condition][] = [
  ['a period', { kind: 'period', from: '2022-01-01', to: '2022-12-31' }],
  ['words', { kind: 'words', words: ['a', 'b'] }],
  ['ids', { kind: 'ids', ids: ['a', 'b'] }],
];

async function noteConditions(resource: Resource): Promise<void> {
  const filters = [...resource.filterFields.values()].flatMap(conditionsOn);
  for (const [title, condition] of [...filters, ...OTHERS]) {
    const second = filters[0]?.[1] as Condition;
    for (const sort of [
      { field: 'id', descending: false },
      { field: 'label', descending: true },
    ]) {
      const by = `by ${sort.field === 'id' ? 'id' : 'a field'}`;
      const alone = listQuestion(resource, { conditions: [condition], sort });
      const rare: Plan = { rare: condition, walked: null, asked: [], scans: false };
      await note(`list ${by}, from a rare condition: ${title}`, page(alone, rare));
      await note(
        `list ${by}, from a rare condition: ${title}, and another`,
        page(alone, { ...rare, asked: [second] }),
      );
      if (condition.kind === 'ids') continue;
      const asked: Plan = { rare: null, walked: null, asked: [condition], scans: true };
      await note(`list ${by}, each asked for ${title}`, page(alone, asked));
    }
    const alone = listQuestion(resource, { conditions: [condition] });
    await note(`list by id, planned: ${title}`, async (db) => findPage(db, alone, await planFor(db, alone)));
    await note(`count of those with a rare condition: ${title}`, (db) => countFacts(db, alone));
  }
}

async function noteFacets(resource: Resource): Promise<void> {
  await note('count of all', (db) => countFacts(db, listQuestion(resource)));
  for (const name of resource.facetNames) {
    const field = resource.filterFields.get(name) as Field;
    await note('facet of all', (db) => countValues(db, listQuestion(resource), field, 10));
    const conditions = [conditionsOn(field)[0]?.[1] as Condition];
    await note('facet of those with a rare condition', (db) =>
      countValues(db, listQuestion(resource, { conditions }), field, 10),
    );
  }
}

/** What every operation asks, by the examples of the documentation. */
async function noteOperations(): Promise<void> {
  const app = await appOn(kept(await openStore(url)), { cacheMaxBytes: 0 });
  const prepare = vi.spyOn(BetterSqlite3.prototype, 'prepare');
  try {
    for (const { operationId, example } of app.operations.values()) {
      if (typeof example !== 'string') continue;
      prepare.mock.calls.length = 0;
      await get(app, example);
      keep(`operation ${operationId}`, new Set(prepare.mock.calls.map(([text]) => text)));
    }
  } finally {
    prepare.mockRestore();
  }
}

/** The plans in the order of what they answer, each with the questions that it answers. */
function told(): string {
  const entries = [...plans].map(([plan, questions]) => ({ plan, questions: [...questions].sort() }));
  entries.sort((a, b) => (`${a.questions[0]}\n${a.plan}` < `${b.questions[0]}\n${b.plan}` ? -1 : 1));
  return entries
    .map(({ plan, questions }) => `${questions.join('\n')}\n${plan.replace(/^/gm, '    ')}\n`)
    .join('\n');
}

it('is as it was, and looks at everything only where it may', { timeout: 240_000 }, async () => {
  for (const resource of resources) {
    await noteSorts(resource);
    await noteConditions(resource);
    await noteFacets(resource);
  }
  await note('search for words', (db) => findHits(db, REVISION, ['a', 'b'], null, 20));
  await note('search for words, later page', (db) =>
    findHits(db, REVISION, ['a'], ['text', null, 'event', 'a'], 20),
  );
  await noteOperations();
  await expect(told()).toMatchFileSnapshot('./query-plans.txt');
  const wrong = [...plans].flatMap(([plan, questions]) =>
    plan.split('\n').flatMap((step) => {
      if (!/^SCAN|USE TEMP B-TREE|AUTOMATIC/.test(step)) return [];
      const forbidden = [...questions].filter(
        (question) => !MAY.some(([which, what]) => which.test(question) && what.test(step)),
      );
      return forbidden.map((question) => `${question}: ${step}`);
    }),
  );
  expect(wrong).toEqual([]);
});
