/** Queries for sitemaps, which list the newest facts in parts by the rows of their versions. */
import { sql } from 'kysely';
import type { Reference } from '../../model/fields.ts';
import { query, type Reader } from '../database.ts';
import { countVersions, isCurrentAt } from './facts.ts';

/** A row is a version, so that a part lists at most this many facts; the protocol allows 50,000. */
const ROWS_PER_PART = 5_000;

export interface SitemapEntry extends Reference {
  /** RFC 3339 instant. */
  recorded_at: string;
}

const fromPart = (revision: number, part: number) =>
  sql`from fact f where f."row" between ${(part - 1) * ROWS_PER_PART + 1} and ${part * ROWS_PER_PART}
    and ${isCurrentAt(revision)} and f.retracted is null`;

/** Returns the numbers of the parts that list any fact. */
export async function findSitemapParts(db: Reader, revision: number): Promise<number[]> {
  const parts: number[] = [];
  const count = Math.ceil((await countVersions(db)) / ROWS_PER_PART);
  for (let part = 1; part <= count; part += 1) {
    const firstFact = sql<{ found: number }>`select 1 as found ${fromPart(revision, part)} limit 1`;
    if ((await query(db, firstFact)).length > 0) parts.push(part);
  }
  return parts;
}

/** Returns the facts of a part in the order in which they were recorded. */
export const findSitemapEntries = (db: Reader, revision: number, part: number): Promise<SitemapEntry[]> =>
  query(
    db,
    sql<SitemapEntry>`select f.type, f.id, (select recorded_at from revision where n = f.rev_from) as recorded_at
      ${fromPart(revision, part)} order by f."row"`,
  );
