/** Search across all types: matches in the label first, then by `reportedOn` (newest first), type and id. */
import { type RawBuilder, sql } from 'kysely';
import type { Reader } from '../database.ts';
import { rowsWithLabelWords, rowsWithWords } from '../dialect/full-text-index.ts';
import { deadlineCheck, noIndexHint } from '../dialect/sql-fragments.ts';
import { and, isIn } from '../predicates.ts';
import { type FactRow, isCurrentAt, selectFactRows } from './facts.ts';
import { countUpTo } from './filters.ts';

/** Position of a hit: `label` if all words are in the label, `reportedOn`, type, id. */
export type HitPosition = [place: 'label' | 'text', reportedOn: string | null, type: string, id: string];

export type HitRow = FactRow & { place: 'label' | 'text' };

/** Number of hits that can be sorted in about a millisecond. */
const MAX_SELECTIVE_HITS = 300;

/** True if so few versions contain all of `words` that sorting them takes negligible time. */
export const areSelective = async (db: Reader, words: string[]): Promise<boolean> =>
  (await countUpTo(db, rowsWithWords(db, words), MAX_SELECTIVE_HITS)) <= MAX_SELECTIVE_HITS;

/** Finds the facts that contain all of `words` at `revision`, after the position `after`, of any type or `types`. */
export async function findHits(
  db: Reader,
  revision: number,
  words: string[],
  after: HitPosition | null,
  limit: number,
  types: string[] | null = null,
): Promise<HitRow[]> {
  const place = sql<
    'label' | 'text'
  >`case when f.row in (${rowsWithLabelWords(db, words)}) then 'label' else 'text' end`;
  // The order is descending, so a missing date sorts after every date.
  const reportedOn = sql<string>`coalesce(f.reported_on, '')`;
  const predicate = and(
    isCurrentAt(revision),
    sql`f.retracted is null`,
    sql`f.row in (${rowsWithWords(db, words)})`,
    types && isIn(noIndexHint(db, sql`f.type`), types),
    deadlineCheck(db, sql`f.row`),
    after && afterHitPredicate(place, reportedOn, after),
  );
  return selectFactRows(
    db,
    sql`from fact as f where ${predicate} order by place, ${reportedOn} desc, f.type, f.id limit ${limit}`,
    sql<{ place: 'label' | 'text' }>`${place} as place`,
  );
}

function afterHitPredicate(
  place: RawBuilder<unknown>,
  reportedOn: RawBuilder<unknown>,
  [lastPlace, lastReportedOn, lastType, lastId]: HitPosition,
): RawBuilder<boolean> {
  const day = lastReportedOn ?? '';
  return sql`(${place} > ${lastPlace} or (${place} = ${lastPlace} and (${reportedOn} < ${day}
    or (${reportedOn} = ${day} and (f.type, f.id) > (${lastType}, ${lastId})))))`;
}
