/** Pages of facts: which conditions they meet, in what order, and where to start looking. */
import { type RawBuilder, sql } from 'kysely';
import { absent } from '../../model/index-terms.ts';
import { type Reader, rowsOf } from '../database.ts';
import { inTime, unindexed } from '../dialect/sql-fragments.ts';
import { currentAt, type FactRow, factsIn } from './facts.ts';
import { type Condition, meets, rowsMeeting, termTest } from './filters.ts';
import { type Plan, planFor, type Walked } from './list-plan.ts';

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
  const { keys, next } = await findPage(db, question, await planFor(db, question));
  const rows = await factsIn(
    db,
    keys.map(({ row }) => row),
  );
  return { rows, next };
}

/** One page of a list: which facts are on it. */
export async function findPage(db: Reader, question: ListQuestion, plan: Plan): Promise<Page> {
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
  const ordered = sort.descending ? keysDownwards : keysUpwards;
  const valued = after?.value === null ? [] : await ordered(db, question, plan, limit + 1);
  if (valued.length > limit) return valued;
  return [...valued, ...(await keysWithout(db, question, plan, limit + 1 - valued.length))];
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
function keysAlongTerm(db: Reader, question: ListQuestion, { walked, asked, scans }: Plan): Promise<Key[]> {
  const { sort, after, limit, type, revision, retracted } = question;
  const { field, value, refTypes } = walked as Walked;
  const tests = [
    sql`t.type = ${type} and ${termTest({ field, values: [value], refTypes })}`,
    currentAt(revision, sql.raw('t')),
    ...asked.map((condition) => meets(db, condition)),
  ];
  if (!retracted) tests.push(sql`f.retracted is null`);
  if (scans) tests.push(inTime(db, sql.ref('f.row')));
  // Of several types, one fact may refer to two things with this id.
  return rowsOf(
    db,
    sql<Key>`select min(t.row) as "row", t.id, null as sort_value from term as t join fact as f on f.row = t.row
      where ${sql.join(tests, sql` and `)} ${beyond(sql`t.id`, sort, after)}
      group by t.id order by t.id ${direction(sort)} limit ${limit + 1}`,
  );
}

const direction = ({ descending }: Sort) => (descending ? sql`desc` : sql`asc`);

/** What comes after the end of the page before, by id. */
function beyond(column: RawBuilder<unknown>, { descending }: Sort, after: Place | null): RawBuilder<unknown> {
  if (!after) return sql``;
  return descending ? sql`and ${column} < ${after.id}` : sql`and ${column} > ${after.id}`;
}

/** Facts that have no value in the field of the sort, by their ids. */
async function keysWithout(db: Reader, question: ListQuestion, plan: Plan, limit: number): Promise<Key[]> {
  const { sort, after } = question;
  const beyond = after?.value === null ? sql`and s.id > ${after.id}` : sql``;
  const rows = await keysWhere(db, question, plan, {
    field: absent(sort.field),
    test: sql`s.value = '' ${beyond}`,
    order: sql`s.id`,
    limit,
  });
  return rows.map((row) => ({ ...row, sort_value: null }));
}

/** Facts by their values, upwards; ids break ties. */
function keysUpwards(db: Reader, question: ListQuestion, plan: Plan, limit: number): Promise<Key[]> {
  const { sort, after } = question;
  const test = after ? sql`(s.value, s.id) > (${after.value}, ${after.id})` : sql`true`;
  return keysWhere(db, question, plan, { field: sort.field, test, order: sql`s.value, s.id`, limit });
}

/**
 * Facts by their values, downwards; ids break ties upwards, which is no order of the index either way. So the values come
 * first, and then, of the last of them, which may be that of many facts, the first ids.
 */
async function keysDownwards(db: Reader, question: ListQuestion, plan: Plan, limit: number): Promise<Key[]> {
  const { sort, after } = question;
  const where = (test: RawBuilder<unknown>, order: RawBuilder<unknown>, limit: number) =>
    keysWhere(db, question, plan, { field: sort.field, test, order, limit });
  const same = after
    ? await where(sql`s.value = ${after.value} and s.id > ${after.id}`, sql`s.id`, limit)
    : [];
  const lacking = limit - same.length;
  if (lacking === 0) return same;
  const below = await where(after ? sql`s.value < ${after.value}` : sql`true`, sql`s.value desc`, lacking);
  const last = below.at(-1);
  if (!last) return same;
  const byValue = Map.groupBy(below, ({ sort_value }) => sort_value);
  byValue.delete(last.sort_value);
  const whole = [...byValue.values()].flatMap((group) => group.sort((a, b) => (a.id < b.id ? -1 : 1)));
  const rest = await where(sql`s.value = ${last.sort_value}`, sql`s.id`, lacking - whole.length);
  return [...same, ...whole, ...rest];
}

interface TermWalk {
  field: string;
  /** Which entries `s` of the index are meant. */
  test: RawBuilder<unknown>;
  order: RawBuilder<unknown>;
  limit: number;
}

function keysWhere(
  db: Reader,
  question: ListQuestion,
  plan: Plan,
  { field, test, order, limit }: TermWalk,
): Promise<Key[]> {
  const { type, revision } = question;
  const ofType = plan.rare ? unindexed(db, sql.ref('s.type')) : sql.ref('s.type');
  return rowsOf(
    db,
    sql<Key>`select f.row, f.id, s.value as sort_value from fact as f join term as s on s.row = f.row
      where ${restricted(db, question, plan)} and ${ofType} = ${type} and s.field = ${field}
        and ${currentAt(revision, sql.raw('s'))} and ${test}
      order by ${order} limit ${limit}`,
  );
}

/** The rows of the facts that meet the conditions of a question, in no order. */
export async function rowsMeetingAll(
  db: Reader,
  { type, revision, conditions, retracted }: FilterQuestion,
): Promise<RawBuilder<{ row: number }>> {
  const found = await planFor(db, { type, revision, conditions });
  const plan = { ...found, scans: found.rare === null };
  return sql`select f.row from fact as f where ${restricted(db, { type, revision, retracted }, plan)}`;
}

/** How many facts the whole list has. */
export async function countFacts(db: Reader, question: FilterQuestion): Promise<number> {
  const rows = await rowsMeetingAll(db, question);
  const [counted] = await rowsOf(db, sql<{ total: number }>`select count(*) as total from (${rows}) as met`);
  return Number(counted?.total);
}

/** Whether the version `f` is of a question's list: after `where`. */
function restricted(
  db: Reader,
  { type, revision, retracted }: Pick<ListQuestion, 'type' | 'revision' | 'retracted'>,
  { rare, asked, scans }: Plan,
): RawBuilder<boolean> {
  const ofType = rare ? unindexed(db, sql.ref('f.type')) : sql.ref('f.type');
  const tests = [sql`${ofType} = ${type}`, currentAt(revision)];
  if (!retracted) tests.push(sql`f.retracted is null`);
  if (rare) tests.push(sql`f.row in (${rowsMeeting(db, type, revision, rare)})`);
  // Starting from a period answers only one of its two ends.
  const rest = rare?.kind === 'period' ? [...asked, rare] : asked;
  tests.push(...rest.map((condition) => meets(db, condition)));
  if (scans) tests.push(inTime(db, sql.ref('f.row')));
  return sql`${sql.join(tests, sql` and `)}`;
}
