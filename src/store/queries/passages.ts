/** Facts that a document supports, by passage. */
import { sql } from 'kysely';
import type { CodePointSpan } from '../../model/coverage.ts';
import type { FactBody } from '../../model/fact-body.ts';
import { query, type Reader } from '../database.ts';
import { and } from '../predicates.ts';
import { type FactRow, isCurrentAt, selectFactRows } from './facts.ts';

/** Position of a fact in the order of a text: start of its first span in the passage, type, id. */
type PassagePosition = [first: string, type: string, id: string];

/** Finds facts with evidence that overlaps a passage, in the order of the text, after `after`. */
export async function findFactsInPassage(
  db: Reader,
  revision: number,
  document: string,
  { start, end }: CodePointSpan,
  after: PassagePosition | null,
  limit: number,
): Promise<(FactRow & { first: number })[]> {
  const spans = sql`select "row", min(start_at) as first from span
    where document = ${document} and start_at < ${end} and end_at > ${start} group by "row"`;
  const [first, type, id] = after ?? [];
  const predicate = and(
    isCurrentAt(revision),
    sql`f.retracted is null`,
    after && sql`(s.first, f.type, f.id) > (${Number(first)}, ${type}, ${id})`,
  );
  return selectFactRows(
    db,
    sql`from fact as f join (${spans}) as s on s."row" = f."row"
      where ${predicate} order by s.first, f.type, f.id limit ${limit}`,
    sql<{ first: number }>`s.first`,
  );
}

/** Finds every span of a document that supports a fact at `revision`. */
export async function findSpans(db: Reader, revision: number, document: string): Promise<CodePointSpan[]> {
  const rows = await query(
    db,
    sql<{ body: string }>`select f.body from fact as f where ${isCurrentAt(revision)} and f.retracted is null
      and f.row in (select "row" from span where document = ${document})`,
  );
  const evidence = rows.flatMap(({ body }) => (JSON.parse(body) as FactBody).evidence ?? []);
  return evidence.filter((span) => span.document.id === document);
}
