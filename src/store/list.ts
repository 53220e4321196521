/** Pages of facts: which conditions they meet, in what order, and where to start looking. */
import { type RawBuilder, sql } from 'kysely';
import { absent, PERIOD_FROM, PERIOD_TO, type Term } from '../facts/index-entries.ts';
import { type Reader, rowHasWords, rowsOf, rowsWithWords, unindexed } from './portable/index.ts';
import { type FactRow, factsAt } from './read.ts';

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

export interface Page {
  rows: FactRow[];
  /** Where this page ends, or null if there is no more. */
  next: Place | null;
}

/** One page of a list. */
export async function findPage(db: Reader, question: ListQuestion): Promise<Page> {
  const plan = await planFor(db, question);
  const rows = await sortedRows(db, question, plan);
  const page = rows.slice(0, question.limit);
  const last = page.at(-1);
  const next = rows.length > question.limit && last ? { value: last.sort_value, id: last.id } : null;
  return { rows: page, next };
}

type SortedRow = FactRow & { sort_value: string | null };

/** Up to one row more than the limit, so that the caller sees whether there is a next page. */
async function sortedRows(db: Reader, question: ListQuestion, plan: Plan): Promise<SortedRow[]> {
  const { sort, after, limit } = question;
  if (sort.field === 'id') return rowsById(db, question, plan);
  // Nulls last both ways: first the facts that have a value, then those that have none.
  const valued = after?.value === null ? [] : await rowsByTerm(db, question, plan, sort.field, limit + 1);
  if (valued.length > limit) return valued;
  const rest = limit + 1 - valued.length;
  return [...valued, ...(await rowsByTerm(db, question, plan, absent(sort.field), rest))];
}

function rowsById(db: Reader, question: ListQuestion, plan: Plan): Promise<SortedRow[]> {
  const { sort, after, limit } = question;
  let query = restricted(db, question, plan).select(sql<null>`null`.as('sort_value'));
  if (after) query = query.where('f.id', sort.descending ? '<' : '>', after.id);
  return query
    .orderBy('f.id', sort.descending ? 'desc' : 'asc')
    .limit(limit + 1)
    .execute();
}

async function rowsByTerm(
  db: Reader,
  question: ListQuestion,
  plan: Plan,
  field: string,
  limit: number,
): Promise<SortedRow[]> {
  const { sort, after, type, revision } = question;
  const direction = sort.descending ? 'desc' : 'asc';
  const further = sort.descending ? '<' : '>';
  const valued = field === sort.field;
  let query = restricted(db, question, plan)
    .innerJoin('term as s', 's.row', 'f.row')
    .select('s.value as sort_value')
    .where(plan.from ? unindexed(db, sql.ref('s.type')) : sql.ref('s.type'), '=', type)
    .where('s.field', '=', field)
    .where('s.rev_from', '<=', revision)
    .where('s.rev_to', '>', revision);
  // Ids break ties upwards in both directions.
  if (after && valued && after.value !== null) {
    const { value, id } = after;
    query = query.where((eb) =>
      eb.or([eb('s.value', further, value), eb.and([eb('s.value', '=', value), eb('s.id', '>', id)])]),
    );
  } else if (after && !valued && after.value === null) {
    query = query.where('s.id', '>', after.id);
  }
  const rows = await query.orderBy('s.value', direction).orderBy('s.id').limit(limit).execute();
  return valued ? rows : rows.map((row) => ({ ...row, sort_value: null }));
}

/** The facts that meet the conditions of a question, in no order yet. */
export const restrictedBy = async (db: Reader, question: FilterQuestion) => ({
  facts: restricted(db, question, await planFor(db, question)),
});

/** How many facts the whole list has. */
export async function countFacts(db: Reader, question: FilterQuestion) {
  const { facts } = await restrictedBy(db, question);
  const { total } = await facts
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return Number(total);
}

/** Which condition a list starts from, if any is rare enough; the others are asked of each row. */
interface Plan {
  from: Condition | null;
  asked: Condition[];
}

/** A condition that more facts than this meet is no place to start from. */
const RARE = 1_000;

async function planFor(
  db: Reader,
  { type, revision, conditions }: Pick<ListQuestion, 'type' | 'revision' | 'conditions'>,
): Promise<Plan> {
  let from: Condition | null = null;
  let least = RARE;
  for (const condition of conditions) {
    const count =
      condition.kind === 'ids' ? condition.ids.length : await cappedCount(db, type, revision, condition);
    if (count > least) continue;
    least = count;
    from = condition;
  }
  return { from, asked: conditions.filter((condition) => condition !== from) };
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

/** One test for each field and type, however many values: an expression tree has a bound on its depth. */
function testsOf(terms: Term[]): RawBuilder<unknown>[] {
  const groups = Map.groupBy(terms, ({ field, refType }) => JSON.stringify([field, refType])).values();
  return [...groups].map((group) => {
    const { field, refType } = group[0] as Term;
    const ofType = refType === null ? sql`ref_type is null` : sql`ref_type = ${refType}`;
    return sql`(field = ${field} and value in (${sql.join(group.map(({ value }) => value))}) and ${ofType})`;
  });
}

const endsFrom = (day: string) => sql`field = ${PERIOD_TO} and value >= ${day}`;
const startsTo = (day: string | null) => sql`field = ${PERIOD_FROM} and value <= ${day}`;

/** The facts that meet every condition, not yet sorted or cut. */
function restricted(
  db: Reader,
  { type, revision, retracted }: Pick<ListQuestion, 'type' | 'revision' | 'retracted'>,
  { from, asked }: Plan,
) {
  let query = factsAt(db, revision).where(
    from ? unindexed(db, sql.ref('f.type')) : sql.ref('f.type'),
    '=',
    type,
  );
  if (!retracted) query = query.where('f.retracted', 'is', null);
  if (from) query = query.where(sql<boolean>`f.row in (${rowsMeeting(db, type, revision, from)})`);
  // Starting from a period answers only one of its two ends.
  const rest = from?.kind === 'period' ? [...asked, from] : asked;
  for (const condition of rest) query = query.where(meets(db, condition));
  return query;
}
