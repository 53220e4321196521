/** Pages of facts: which conditions they meet, in what order, and where to start looking. */
import { type RawBuilder, sql } from 'kysely';
import { absent, PERIOD_FROM, PERIOD_TO, type Term } from '../facts/index-entries.ts';
import { type Reader, rowHasWords, rowsOf, rowsWithWords, unindexed } from './portable/index.ts';
import { currentAt, type FactRow, factsIn } from './read.ts';

/** What a list asks of its facts; all must hold. */
export type Condition =
  | { kind: 'ids'; ids: string[] }
  /** The fact has one of these terms. */
  | { kind: 'terms'; anyOf: Term[] }
  /** The period touches the days from `from` to `to`, both inclusive. */
  | { kind: 'period'; from: string | null; to: string | null }
  | { kind: 'words'; words: string[] };

export interface ListQuestion {
  type: string;
  revision: number;
  conditions: Condition[];
  /** Whether facts that were withdrawn are asked for too. */
  retracted: boolean;
  sort: Sort;
  /** Where the page before this one ended. */
  after: Place | null;
  limit: number;
}

/** What a list asks, its order and pages aside. */
export type FilterQuestion = Pick<ListQuestion, 'type' | 'revision' | 'conditions' | 'retracted'>;

export interface Sort {
  /** A field that terms hold, or `id`. */
  field: string;
  descending: boolean;
}

/** A fact's place in a sorted list. */
export interface Place {
  /** What the list is sorted by; null of a fact without it, which comes last. */
  value: string | null;
  id: string;
}

/** Where a page has a fact: the row of its version, and its place. */
export interface Key {
  row: number;
  id: string;
  /** What the list is sorted by; null if that is the id. */
  sort_value: string | null;
}

export interface Page {
  keys: Key[];
  /** Where this page ends, or null if there is no more. */
  next: Place | null;
}

/** One page of a list, the facts and all. */
export async function findFacts(
  db: Reader,
  question: ListQuestion,
): Promise<{ rows: FactRow[]; next: Place | null }> {
  const { keys, next } = await findPage(db, question);
  const rows = await factsIn(
    db,
    keys.map(({ row }) => row),
  );
  return { rows, next };
}

/** One page of a list: which facts are on it. */
export async function findPage(db: Reader, question: ListQuestion): Promise<Page> {
  return pageBy(db, question, await planFor(db, question));
}

/** The same, by a plan that was made before. */
export async function pageBy(db: Reader, question: ListQuestion, plan: Plan): Promise<Page> {
  const found = await sortedKeys(db, question, plan);
  const keys = found.slice(0, question.limit);
  const last = keys.at(-1);
  const next = found.length > question.limit && last ? { value: last.sort_value, id: last.id } : null;
  return { keys, next };
}

/** Up to one more than the limit, so that the caller sees whether there is a next page. */
async function sortedKeys(db: Reader, question: ListQuestion, plan: Plan): Promise<Key[]> {
  const { sort, after, limit } = question;
  if (sort.field === 'id')
    return plan.walked ? keysAlongTerm(db, question, plan) : keysById(db, question, plan);
  // Nulls last both ways: first the facts that have a value, then those that have none.
  const valued = after?.value === null ? [] : await keysByTerm(db, question, plan, sort.field, limit + 1);
  if (valued.length > limit) return valued;
  const rest = limit + 1 - valued.length;
  return [...valued, ...(await keysByTerm(db, question, plan, absent(sort.field), rest))];
}

function keysById(db: Reader, question: ListQuestion, plan: Plan): Promise<Key[]> {
  const { sort, after, limit } = question;
  return rowsOf(
    db,
    sql<Key>`select f.row, f.id, null as sort_value from fact as f where ${restricted(db, question, plan)}
      ${beyond(sql`f.id`, sort, after)} order by f.id ${direction(sort)} limit ${limit + 1}`,
  );
}

/** Facts with one of the values of a term, which the index has in the order of their ids. */
function keysAlongTerm(db: Reader, question: ListQuestion, { walked, asked }: Plan): Promise<Key[]> {
  const { sort, after, limit, type, revision, retracted } = question;
  const { field, value, refTypes } = walked as Walked;
  const test = termTest({ field, values: [value], refTypes });
  const current = sql`t.type = ${type} and ${test} and ${currentAt(revision, sql.raw('t'))}`;
  // Of several types, one fact may refer to two things with this id.
  return rowsOf(
    db,
    sql<Key>`select min(t.row) as "row", t.id, null as sort_value from term as t join fact as f on f.row = t.row
      where ${current} ${beyond(sql`t.id`, sort, after)} ${retracted ? sql`` : sql`and f.retracted is null`}
      ${sql.join(
        asked.map((condition) => sql`and ${meets(db, condition)}`),
        sql` `,
      )}
      group by t.id order by t.id ${direction(sort)} limit ${limit + 1}`,
  );
}

const direction = ({ descending }: Sort) => (descending ? sql`desc` : sql`asc`);

/** What comes after the end of the page before, by id. */
function beyond(column: RawBuilder<unknown>, { descending }: Sort, after: Place | null): RawBuilder<unknown> {
  if (!after) return sql``;
  return descending ? sql`and ${column} < ${after.id}` : sql`and ${column} > ${after.id}`;
}

async function keysByTerm(
  db: Reader,
  question: ListQuestion,
  plan: Plan,
  field: string,
  limit: number,
): Promise<Key[]> {
  const { sort, after, type, revision } = question;
  const valued = field === sort.field;
  const ofType = plan.from ? unindexed(db, sql.ref('s.type')) : sql.ref('s.type');
  const rows = await rowsOf(
    db,
    sql<Key>`select f.row, f.id, s.value as sort_value from fact as f join term as s on s.row = f.row
      where ${restricted(db, question, plan)} and ${ofType} = ${type} and s.field = ${field}
        and ${currentAt(revision, sql.raw('s'))} ${beyondTerm(sort, after, valued)}
      order by s.value ${direction(sort)}, s.id limit ${limit}`,
  );
  return valued ? rows : rows.map((row) => ({ ...row, sort_value: null }));
}

/** The same by value; ids break ties upwards in both directions. */
function beyondTerm({ descending }: Sort, after: Place | null, valued: boolean): RawBuilder<unknown> {
  if (!after) return sql``;
  const { value, id } = after;
  if (!valued) return value === null ? sql`and s.id > ${id}` : sql``;
  const further = descending ? sql`s.value < ${value}` : sql`s.value > ${value}`;
  return sql`and (${further} or (s.value = ${value} and s.id > ${id}))`;
}

/** The rows of the facts that meet the conditions of a question, in no order. */
export async function rowsMeetingAll(
  db: Reader,
  { type, revision, conditions, retracted }: FilterQuestion,
): Promise<RawBuilder<{ row: number }>> {
  const plan = await planFor(db, { type, revision, conditions, retracted });
  return sql`select f.row from fact as f where ${restricted(db, { type, revision, retracted }, plan)}`;
}

/** How many facts the whole list has. */
export async function countFacts(db: Reader, question: FilterQuestion): Promise<number> {
  const rows = await rowsMeetingAll(db, question);
  const [counted] = await rowsOf(db, sql<{ total: number }>`select count(*) as total from (${rows}) as met`);
  return Number(counted?.total);
}

/** How a list is found. */
export interface Plan {
  /** The condition that it starts from, if one is rare enough. */
  from: Condition | null;
  /** The term along whose index it goes. */
  walked: Walked | null;
  /** What is asked of each row besides. */
  asked: Condition[];
}

/** A value of one field: facts that have it stand in the index by their ids. */
interface Walked {
  field: string;
  value: string;
  refTypes: (string | null)[];
}

/** A condition that more facts than this meet is no place to start from. */
const RARE = 1_000;

/** A question as far as its plan goes: without a sort, of all that it asks for. */
type PlanQuestion = FilterQuestion & Partial<Pick<ListQuestion, 'sort'>>;

export async function planFor(db: Reader, { type, revision, conditions, sort }: PlanQuestion): Promise<Plan> {
  const byId = sort?.field === 'id';
  const [only] = conditions;
  if (byId && only && conditions.length === 1) {
    const walked = walkedBy(only);
    if (walked) return { from: null, walked, asked: [] };
  }
  let from: Condition | null = null;
  let least = RARE;
  for (const condition of conditions) {
    const count =
      condition.kind === 'ids' ? condition.ids.length : await cappedCount(db, type, revision, condition);
    if (count > least) continue;
    least = count;
    from = condition;
  }
  const first = from ? null : conditions.find((condition) => byId && walkedBy(condition));
  const asked = conditions.filter((condition) => condition !== from && condition !== first);
  return { from, walked: first ? walkedBy(first) : null, asked };
}

function walkedBy(condition: Condition): Walked | null {
  if (condition.kind !== 'terms') return null;
  const [first] = condition.anyOf;
  if (!first || condition.anyOf.some(({ field, value }) => field !== first.field || value !== first.value)) {
    return null;
  }
  return {
    field: first.field,
    value: first.value,
    refTypes: condition.anyOf.map(({ refType }) => refType),
  };
}

async function cappedCount(
  db: Reader,
  type: string,
  revision: number,
  condition: Condition,
): Promise<number> {
  const rows = sql`${rowsMeeting(db, type, revision, condition)} limit ${sql.lit(RARE + 1)}`;
  const counted = sql<{ count: number }>`select count(*) as count from (${rows}) as capped`;
  const [row] = await rowsOf(db, counted);
  return Number(row?.count ?? 0);
}

/** The rows that meet a condition, as a query of their own: what a list can start from. */
function rowsMeeting(
  db: Reader,
  type: string,
  revision: number,
  condition: Condition,
): RawBuilder<{ row: number }> {
  const rows = (test: RawBuilder<unknown>) => sql<{ row: number }>`
    select "row" from term where type = ${type} and ${test} and rev_from <= ${revision} and rev_to > ${revision}`;
  switch (condition.kind) {
    case 'ids':
      return sql`select "row" from fact where type = ${type} and id in (${sql.join(condition.ids)})`;
    case 'terms':
      // One search of the index for each, which an "or" of them would not be.
      return sql.join(testsOf(condition.anyOf).map(rows), sql` union all `) as RawBuilder<{ row: number }>;
    case 'period': {
      const { from, to } = condition;
      // An end before `from` or a start after `to` misses; the rarer half is not known, so take the later bound.
      return rows(from !== null ? endsFrom(from) : startsTo(to));
    }
    case 'words':
      return rowsWithWords(db, condition.words);
  }
}

/** Whether the row at hand meets a condition. */
function meets(db: Reader, condition: Condition): RawBuilder<boolean> {
  const has = (test: RawBuilder<unknown>) =>
    sql<boolean>`exists (select 1 from term where term.row = f.row and ${test})`;
  switch (condition.kind) {
    case 'ids':
      return sql`f.id in (${sql.join(condition.ids)})`;
    case 'terms':
      return has(sql`(${sql.join(testsOf(condition.anyOf), sql` or `)})`);
    case 'period': {
      const { from, to } = condition;
      const tests = [
        from === null ? [] : [has(endsFrom(from))],
        to === null ? [] : [has(startsTo(to))],
      ].flat();
      return sql`(${sql.join(tests, sql` and `)})`;
    }
    case 'words':
      return rowHasWords(db, sql.ref('f.row'), condition.words);
  }
}

/** One test for each field, however many values: an expression tree has a bound on its depth. */
function testsOf(terms: Term[]): RawBuilder<unknown>[] {
  const groups = Map.groupBy(terms, ({ field, refType }) => JSON.stringify([field, refType])).values();
  return [...groups].map((group) => {
    const { field, refType } = group[0] as Term;
    return sql`(${termTest({ field, values: group.map(({ value }) => value), refTypes: [refType] })})`;
  });
}

function termTest({
  field,
  values,
  refTypes,
}: {
  field: string;
  values: string[];
  refTypes: (string | null)[];
}): RawBuilder<unknown> {
  const [only = null] = refTypes;
  const ofType =
    only === null
      ? sql`ref_type is null`
      : refTypes.length === 1
        ? sql`ref_type = ${only}`
        : sql`ref_type in (${sql.join(refTypes)})`;
  const [value] = values;
  const valued = values.length === 1 ? sql`value = ${value}` : sql`value in (${sql.join(values)})`;
  return sql`field = ${field} and ${valued} and ${ofType}`;
}

const endsFrom = (day: string) => sql`field = ${PERIOD_TO} and value >= ${day}`;
const startsTo = (day: string | null) => sql`field = ${PERIOD_FROM} and value <= ${day}`;

/** Whether the version `f` is of a question's list: after `where`. */
function restricted(
  db: Reader,
  { type, revision, retracted }: Pick<ListQuestion, 'type' | 'revision' | 'retracted'>,
  { from, asked }: Plan,
): RawBuilder<boolean> {
  const ofType = from ? unindexed(db, sql.ref('f.type')) : sql.ref('f.type');
  const tests = [sql`${ofType} = ${type}`, currentAt(revision)];
  if (!retracted) tests.push(sql`f.retracted is null`);
  if (from) tests.push(sql`f.row in (${rowsMeeting(db, type, revision, from)})`);
  // Starting from a period answers only one of its two ends.
  const rest = from?.kind === 'period' ? [...asked, from] : asked;
  return sql`${sql.join([...tests, ...rest.map((condition) => meets(db, condition))], sql` and `)}`;
}
