/** Search across all types: facts with the words in the label first, then the newest reported, then by type and id. */
import { type RawBuilder, sql } from 'kysely';
import type { Reader } from '../database.ts';
import { rowsWithLabelWords, rowsWithWords } from '../dialect/full-text-index.ts';
import { deadlineCheck } from '../dialect/sql-fragments.ts';
import { type FactRow, isCurrentAt, selectFactRows } from './facts.ts';
import { countUpTo } from './filters.ts';

/** Where a hit stands in the order: whether all words are in the label, `reportedOn`, type, id. */
export type HitPosition = [place: 'label' | 'text', reportedOn: string | null, type: string, id: string];

export type HitRow = FactRow & { place: 'label' | 'text' };

/** Hits that are put in order in about a millisecond. */
const MAX_SELECTIVE_HITS = 300;

/** Whether so few versions have all of `words` that ordering them takes no time. */
export const areSelective = async (db: Reader, words: string[]): Promise<boolean> =>
  (await countUpTo(db, rowsWithWords(db, words), MAX_SELECTIVE_HITS)) <= MAX_SELECTIVE_HITS;

/** The facts in which all of `words` stand at `revision`, after the place given. */
export async function findHits(
  db: Reader,
  revision: number,
  words: string[],
  after: HitPosition | null,
  limit: number,
): Promise<HitRow[]> {
  const place = sql<
    'label' | 'text'
  >`case when f.row in (${rowsWithLabelWords(db, words)}) then 'label' else 'text' end`;
  // No date sorts after every date, since the order is from the newest back.
  const reportedOn = sql<string>`coalesce(f.reported_on, '')`;
  const afterCursor = after ? sql`and ${afterHitPredicate(place, reportedOn, after)}` : sql``;
  return selectFactRows(
    db,
    sql`from fact as f where ${isCurrentAt(revision)} and f.retracted is null
      and f.row in (${rowsWithWords(db, words)}) and ${deadlineCheck(db, sql.ref('f.row'))} ${afterCursor}
      order by place, ${reportedOn} desc, f.type, f.id limit ${limit}`,
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
