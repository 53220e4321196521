/** SQLite's plan of every query, recorded in `query-plans.txt` so that a change of plan is visible. */
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { FactType } from '../../src/model/fact-type.ts';
import { toMissingField } from '../../src/model/index-terms.ts';
import type { Field } from '../../src/model/schema-fields.ts';
import { factTypes } from '../../src/model/types/index.ts';
import { DOSSIERS_FOLDER, seed } from '../../src/seed.ts';
import type { Reader } from '../../src/store/database.ts';
import { openReadOnlyStore, openStore } from '../../src/store/open.ts';
import { countValues } from '../../src/store/queries/facets.ts';
import type { PositiveFilter } from '../../src/store/queries/filters.ts';
import { countFacts, findListPage, type ListQuery, type Sort } from '../../src/store/queries/list.ts';
import { type ListPlan, planList } from '../../src/store/queries/list-plan.ts';
import { findHits } from '../../src/store/queries/search.ts';
import { closeAfterTests, createApp, createSqliteStoreUrl, get } from '../support/app.ts';

const REVISION = 1;

/** Steps of plans that scan or sort, each with the reason why it is allowed. */
const ALLOWED_STEPS: [question: RegExp, step: RegExp, why: string][] = [
  [/./, /^SCAN CONSTANT ROW$/, 'no row of any table'],
  [/./, /^SCAN (t|i|asked|given|json_each) VIRTUAL TABLE/, 'the values of one parameter'],
  [/./, /^SCAN search (EXISTS )?VIRTUAL TABLE INDEX 0:=?M/, 'the full-text index, searched for words'],
  [/./, /^SCAN (capped|counted|c|s|met|\(subquery-\d+\))$/, 'the result of a part of the query'],
  [/./, /^SCAN (l|later)$/, 'the later ids of renamed facts that a filter names'],
  [/./, /^SCAN revision$/, 'the newest two, by their numbers'],
  [
    /^(facet|count) |FacetsCsv$|Facets$/,
    /^USE TEMP B-TREE FOR (GROUP BY|ORDER BY)$/,
    'counts, by which values are sorted',
  ],
  [/selective filter|planned:/, /^USE TEMP B-TREE FOR/, 'at most a thousand rows, found by the filter'],
  [/^search|searchFacts/, /^USE TEMP B-TREE FOR/, 'hits in an order that no full-text index provides'],
  [/References$/, /^USE TEMP B-TREE FOR LAST TERM/, 'the fields by which one fact refers to another'],
  [/listDocumentFacts/, /^USE TEMP B-TREE FOR/, 'the facts of one passage'],
  [
    /listDocuments$|StatementsAtom/,
    /^USE TEMP B-TREE FOR ORDER BY$/,
    'few facts, whose ids the example names',
  ],
  [/(list|export)Changes/, /^USE TEMP B-TREE FOR ORDER BY$/, 'changes of one type, in a worker thread'],
  [/listDossiers/, /^SCAN d USING INDEX sqlite_autoindex_dossier_1$/, 'a page in the order of the index'],
  [/listRevisions/, /^USE TEMP B-TREE FOR GROUP BY/, 'the revisions of one page'],
];

/** Titles of the queries with the same plan, by the steps of the plan. */
const queriesByPlan = new Map<string, Set<string>>();
let url: string;
let explainDatabase: BetterSqlite3.Database;

beforeAll(async () => {
  url = createSqliteStoreUrl();
  await seed(closeAfterTests(await openStore(url)), DOSSIERS_FOLDER);
  explainDatabase = new BetterSqlite3(url.slice('file:'.length));
  explainDatabase.function('in_time', () => 1);
});

afterAll(() => {
  explainDatabase.close();
});

/** Collects the SQL of every statement that `work` prepares on a new handle. */
async function collectStatements(work: (db: Reader) => Promise<unknown>): Promise<Set<string>> {
  const texts = new Set<string>();
  const prepare = vi.spyOn(BetterSqlite3.prototype, 'prepare');
  try {
    const store = await openReadOnlyStore(url);
    prepare.mock.calls.length = 0;
    await store.read(work);
    for (const [text] of prepare.mock.calls) texts.add(text);
    await store.close();
  } finally {
    prepare.mockRestore();
  }
  return texts;
}

function explainSteps(text: string): string[] {
  const values = (text.match(/\?/g) ?? []).map(() => null);
  const rows = explainDatabase.prepare(`explain query plan ${text}`).all(...values) as { detail: string }[];
  return rows.map(({ detail }) => detail);
}

/** Records the plans of all statements that `work` runs. */
async function recordQueries(question: string, work: (db: Reader) => Promise<unknown>): Promise<void> {
  recordPlans(question, await collectStatements(work));
}

function recordPlans(question: string, texts: Set<string>): void {
  for (const text of texts) {
    if (!/^\s*(select|with)\b/.test(text)) continue;
    const plan = explainSteps(text).join('\n');
    queriesByPlan.set(plan, (queriesByPlan.get(plan) ?? new Set()).add(question));
  }
}

const createListQuery = (factType: FactType, rest: Partial<ListQuery> = {}): ListQuery => ({
  type: factType.type,
  revision: REVISION,
  filters: [],
  includeRetracted: false,
  sort: { field: 'id', descending: false },
  after: null,
  limit: 20,
  ...rest,
});

const createPageQuery = (question: ListQuery, plan: ListPlan) => (db: Reader) =>
  findListPage(db, question, plan);

const DEFAULT_PLAN: ListPlan = {
  selectiveFilter: null,
  indexTerm: null,
  remainingFilters: [],
  cost: 'lookup',
};

const getSortDirections = (field: string): [string, Sort][] => [
  [field, { field, descending: false }],
  [`-${field}`, { field, descending: true }],
];

async function recordSorts(factType: FactType): Promise<void> {
  const fields = ['id', 'label', 'reportedOn', ...factType.sorts];
  for (const [, sort] of [...new Set(fields)].flatMap(getSortDirections)) {
    const sortTitle = sort.field === 'id' ? 'id' : 'a field';
    const title = `list by ${sortTitle}, ${sort.descending ? 'descending' : 'ascending'}`;
    const value = sort.field === 'id' ? null : 'm';
    await recordQueries(
      `${title}, first page`,
      createPageQuery(createListQuery(factType, { sort }), DEFAULT_PLAN),
    );
    const after = { value, id: 'm' };
    await recordQueries(
      `${title}, later page`,
      createPageQuery(createListQuery(factType, { sort, after }), DEFAULT_PLAN),
    );
    if (sort.field === 'id') continue;
    const nulls = createListQuery(factType, { sort, after: { value: null, id: 'm' } });
    await recordQueries(
      `${title}, later page, of facts without a value`,
      createPageQuery(nulls, DEFAULT_PLAN),
    );
  }
  await recordQueries(
    'list by id, including retracted facts',
    createPageQuery(createListQuery(factType, { includeRetracted: true }), DEFAULT_PLAN),
  );
}

const createTerm = ({ path, allowedTypes }: Field, value: string) => ({
  field: path,
  value,
  refType: allowedTypes[0] ?? null,
});

/** Returns the filters that one field can have. */
const getFilters = (field: Field): [string, PositiveFilter][] => [
  ['one value', { kind: 'terms', anyOf: [createTerm(field, 'a')] }],
  ['one of two values', { kind: 'terms', anyOf: [createTerm(field, 'a'), createTerm(field, 'b')] }],
  ['no value', { kind: 'terms', anyOf: [{ field: toMissingField(field.path), value: '', refType: null }] }],
];

const OTHER_FILTERS: [string, PositiveFilter][] = [
  ['a period', { kind: 'period', from: '2022-01-01', to: '2022-12-31' }],
  ['words', { kind: 'words', words: ['a', 'b'] }],
  ['ids', { kind: 'ids', ids: ['a', 'b'] }],
];

const RANGE: PositiveFilter = { kind: 'range', field: 'value', min: '8', max: 'c' };

async function recordFilters(factType: FactType): Promise<void> {
  const filters = [...factType.filterFields.values()].flatMap(getFilters);
  const ranges = factType.filterFields.has('value') ? [['a range', RANGE] as const] : [];
  for (const [title, condition] of [...filters, ...OTHER_FILTERS, ...ranges]) {
    const second = filters[0]?.[1] as PositiveFilter;
    for (const sort of [
      { field: 'id', descending: false },
      { field: 'label', descending: true },
    ]) {
      const sortTitle = `by ${sort.field === 'id' ? 'id' : 'a field'}`;
      const filterQuery = createListQuery(factType, { filters: [condition], sort });
      const selectivePlan: ListPlan = {
        selectiveFilter: condition,
        indexTerm: null,
        remainingFilters: [],
        cost: 'lookup',
      };
      await recordQueries(
        `list ${sortTitle}, from a selective filter: ${title}`,
        createPageQuery(filterQuery, selectivePlan),
      );
      await recordQueries(
        `list ${sortTitle}, from a selective filter: ${title}, and another filter`,
        createPageQuery(filterQuery, { ...selectivePlan, remainingFilters: [second] }),
      );
      if (condition.kind === 'ids') continue;
      const filterPlan: ListPlan = {
        selectiveFilter: null,
        indexTerm: null,
        remainingFilters: [condition],
        cost: 'scan',
      };
      await recordQueries(
        `list ${sortTitle}, scan filtered by ${title}`,
        createPageQuery(filterQuery, filterPlan),
      );
      await recordQueries(
        `list ${sortTitle}, scan without ${title}`,
        createPageQuery(filterQuery, {
          ...filterPlan,
          remainingFilters: [{ kind: 'not', filter: condition }],
        }),
      );
    }
    const countQuery = createListQuery(factType, { filters: [condition] });
    await recordQueries(`list by id, planned: ${title}`, async (db) =>
      findListPage(db, countQuery, await planList(db, countQuery)),
    );
    await recordQueries(`count with a selective filter: ${title}`, (db) => countFacts(db, countQuery));
  }
}

async function recordFacets(factType: FactType): Promise<void> {
  await recordQueries('count of all', (db) => countFacts(db, createListQuery(factType)));
  for (const name of factType.facetNames) {
    const field = factType.filterFields.get(name) as Field;
    await recordQueries('facet of all', (db) => countValues(db, createListQuery(factType), field, 10));
    const conditions = [getFilters(field)[0]?.[1] as PositiveFilter];
    await recordQueries('facet with a selective filter', (db) =>
      countValues(db, createListQuery(factType, { filters: conditions }), field, 10),
    );
  }
}

/** Records the plans of every operation, with the examples of the documentation. */
async function recordOperations(): Promise<void> {
  const app = await createApp(closeAfterTests(await openStore(url)), { cacheMaxBytes: 0 });
  const prepare = vi.spyOn(BetterSqlite3.prototype, 'prepare');
  try {
    for (const { operationId, example } of app.operations.values()) {
      if (typeof example !== 'string') continue;
      prepare.mock.calls.length = 0;
      await get(app, example);
      recordPlans(`operation ${operationId}`, new Set(prepare.mock.calls.map(([text]) => text)));
    }
  } finally {
    prepare.mockRestore();
  }
}

/** Formats the plans, each after the titles of its queries, sorted by title. */
function formatPlans(): string {
  const entries = [...queriesByPlan].map(([plan, questions]) => ({ plan, questions: [...questions].sort() }));
  entries.sort((a, b) => (`${a.questions[0]}\n${a.plan}` < `${b.questions[0]}\n${b.plan}` ? -1 : 1));
  return entries
    .map(({ plan, questions }) => `${questions.join('\n')}\n${plan.replace(/^/gm, '    ')}\n`)
    .join('\n');
}

it('has the recorded plans, and scans or sorts only where allowed', { timeout: 240_000 }, async () => {
  for (const factType of factTypes) {
    await recordSorts(factType);
    await recordFilters(factType);
    await recordFacets(factType);
  }
  await recordQueries('search for words', (db) => findHits(db, REVISION, ['a', 'b'], null, 20));
  await recordQueries('search for words, later page', (db) =>
    findHits(db, REVISION, ['a'], ['text', null, 'event', 'a'], 20),
  );
  await recordQueries('search for words, of some types', (db) =>
    findHits(db, REVISION, ['a'], null, 20, ['event', 'person']),
  );
  await recordOperations();
  await expect(formatPlans()).toMatchFileSnapshot('./query-plans.txt');
  const violations = [...queriesByPlan].flatMap(([plan, questions]) =>
    plan.split('\n').flatMap((step) => {
      if (!/^SCAN|USE TEMP B-TREE|AUTOMATIC/.test(step)) return [];
      const forbidden = [...questions].filter(
        (question) => !ALLOWED_STEPS.some(([which, what]) => which.test(question) && what.test(step)),
      );
      return forbidden.map((question) => `${question}: ${step}`);
    }),
  );
  expect(violations).toEqual([]);
});
