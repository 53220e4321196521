/** Search across all types: facts with the words in the label first, then the newest reported, then by type and id. */
import { sql } from 'kysely';
import { type Reader, rowsLabelled, rowsWithWords } from './portable/index.ts';
import { type FactRow, factsAt } from './read.ts';

/** Where a hit stands in the order: whether all words are in the label, `reportedOn`, type, id. */
export type HitPlace = [place: 'label' | 'text', reportedOn: string | null, type: string, id: string];

export type HitRow = FactRow & { place: 'label' | 'text' };

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
  let query = factsAt(db, revision)
    .select(place.as('place'))
    .where('f.retracted', 'is', null)
    .where(sql<boolean>`f.row in (${rowsWithWords(db, words)})`);
  if (after) {
    const [atPlace, atReported, atType, atId] = after;
    const day = atReported ?? '';
    query = query.where(
      sql<boolean>`(${place} > ${atPlace} or (${place} = ${atPlace} and (${reported} < ${day}
        or (${reported} = ${day} and (f.type, f.id) > (${atType}, ${atId})))))`,
    );
  }
  return query
    .orderBy(place)
    .orderBy(reported, 'desc')
    .orderBy('f.type')
    .orderBy('f.id')
    .limit(limit)
    .execute();
}
