/** Predicates of `sql` templates. */
import { type RawBuilder, sql } from 'kysely';

type Predicate = RawBuilder<unknown>;

const AND = sql` and `;
const OR = sql` or `;

/** Joins predicates by `and`, without those that are false or null. */
export const and = (...predicates: (Predicate | false | null)[]): RawBuilder<boolean> =>
  sql.join(predicates.filter(Boolean), AND);

/** Joins predicates by `or`; no predicate matches nothing. */
export const or = (predicates: Predicate[]): RawBuilder<boolean> =>
  predicates.length === 0 ? sql`false` : sql`(${sql.join(predicates, OR)})`;

/** Returns a predicate for one of `values` in a column; no value matches nothing. */
export const isIn = (column: RawBuilder<unknown>, values: readonly unknown[]): RawBuilder<boolean> =>
  values.length === 0 ? sql`false` : sql`${column} in (${sql.join(values)})`;
