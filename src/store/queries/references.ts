/** Facts that refer to a fact, from the terms that are references. */
import { sql } from 'kysely';
import type { Reference } from '../../model/fields.ts';
import { query, type Reader } from '../database.ts';
import { and } from '../predicates.ts';
import { isCurrentAt } from './facts.ts';

export interface ReferrerRow extends Reference {
  label: string;
  /** Path of the field that refers. */
  field: string;
}

/** Finds the facts that refer to `target` at `revision`, by type, id and field, after `after`. */
export function findReferrers(
  db: Reader,
  revision: number,
  target: Reference,
  after: [type: string, id: string, field: string] | null,
  limit: number,
): Promise<ReferrerRow[]> {
  const predicate = and(
    sql`t.ref_type = ${target.type} and t.value = ${target.id}`,
    isCurrentAt(revision, sql.raw('t')),
    sql`f.retracted is null`,
    after && sql`(t.type, t.id, t.field) > (${sql.join(after)})`,
  );
  return query(
    db,
    sql<ReferrerRow>`select t.type, t.id, f.label, t.field from term as t join fact as f on f.row = t.row
      where ${predicate} order by t.type, t.id, t.field limit ${limit}`,
  );
}
