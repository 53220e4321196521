/** Search across all types: facts with the words in the label first, then the newest reported, then by type and id. */
import { type RawBuilder, sql } from 'kysely';
import type { Reader } from '../database.ts';
import { rowsLabelled, rowsWithWords } from '../dialect/full-text-index.ts';
import { inTime } from '../dialect/sql-fragments.ts';
import { currentAt, type FactRow, factRows } from './facts.ts';
import { countUpTo } from './filters.ts';

/** Where a hit stands in the order: whether all words are in the label, `reportedOn`, type, id. */
export type HitPlace = [place: 'label' | 'text', reportedOn: string | null, type: string, id: string];

export type HitRow = FactRow & { place: 'label' | 'text' };

/** Hits that are put in order in about a millisecond. */
const FEW = 300;

/** Whether so few versions have all of `words` that ordering them takes no time. */
export const areRare = async (db: Reader, words: string[]): Promise<boolean> =>
  (await countUpTo(db, rowsWithWords(db, words), FEW)) <= FEW;

/** The facts in which all of `words` stand at `revision`, after the place given. */
export async function findHits(
  db: Reader,
  revision: number,
  words: string[],
  after: HitPlace | null,
  limit: number,
): Promise<HitRow[]> {
  const place = sql<
    'label' | 'text'
  >`case when f.row in (${rowsLabelled(db, words)}) then 'label' else 'text' end`;
  // No date sorts after every date, since the order is from the newest back.
  const reported = sql<string>`coalesce(f.reported_on, '')`;
  const beyond = after ? sql`and ${afterHit(place, reported, after)}` : sql``;
  return factRows(
    db,
    sql`from fact as f where ${currentAt(revision)} and f.retracted is null
      and f.row in (${rowsWithWords(db, words)}) and ${inTime(db, sql.ref('f.row'))} ${beyond}
      order by place, ${reported} desc, f.type, f.id limit ${limit}`,
    sql<{ place: 'label' | 'text' }>`${place} as place`,
  );
}

function afterHit(
  place: RawBuilder<unknown>,
  reported: RawBuilder<unknown>,
  [atPlace, atReported, atType, atId]: HitPlace,
): RawBuilder<boolean> {
  const day = atReported ?? '';
  return sql`(${place} > ${atPlace} or (${place} = ${atPlace} and (${reported} < ${day}
    or (${reported} = ${day} and (f.type, f.id) > (${atType}, ${atId})))))`;
}
