/** Facts that refer to a fact, from the terms that are references. */
import { sql } from 'kysely';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../database.ts';

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
  let query = db
    .selectFrom('term as t')
    .innerJoin('fact as f', 'f.row', 't.row')
    .select(['t.type', 't.id', 'f.label', 't.field'])
    .where('t.ref_type', '=', target.type)
    .where('t.value', '=', target.id)
    .where('t.rev_from', '<=', revision)
    .where('t.rev_to', '>', revision)
    .where('f.retracted', 'is', null);
  if (after) query = query.where(sql<boolean>`(t.type, t.id, t.field) > (${sql.join(after)})`);
  return query.orderBy('t.type').orderBy('t.id').orderBy('t.field').limit(limit).execute();
}
