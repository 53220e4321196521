/** Which facts a document carries, and where. */
import { sql } from 'kysely';
import type { FactBody } from '../facts/body.ts';
import type { Span } from '../facts/coverage.ts';
import type { Reader } from './portable/index.ts';
import { type FactRow, factsAt } from './read.ts';

/** Where a fact stands in the order of a text: the start of its first span in the passage, type, id. */
type PassagePlace = [first: string, type: string, id: string];

/** The facts with evidence that overlaps a passage, in the order of the text, after the place given. */
export async function factsInPassage(
  db: Reader,
  revision: number,
  document: string,
  { start, end }: Span,
  after: PassagePlace | null,
  limit: number,
): Promise<(FactRow & { first: number })[]> {
  const spans = db
    .selectFrom('span')
    .select(['row', (eb) => eb.fn.min('start_at').as('first')])
    .where('document', '=', document)
    .where('start_at', '<', end)
    .where('end_at', '>', start)
    .groupBy('row');
  let query = factsAt(db, revision)
    .innerJoin(spans.as('s'), 's.row', 'f.row')
    .select('s.first')
    .where('f.retracted', 'is', null);
  if (after) {
    const [first, type, id] = after;
    query = query.where(sql<boolean>`(s.first, f.type, f.id) > (${Number(first)}, ${type}, ${id})`);
  }
  return query.orderBy('s.first').orderBy('f.type').orderBy('f.id').limit(limit).execute();
}

/** Every span of a document that carries a fact at `revision`. */
export async function spansOf(db: Reader, revision: number, document: string): Promise<Span[]> {
  const rows = await factsAt(db, revision)
    .clearSelect()
    .select('f.body')
    .where('f.retracted', 'is', null)
    .where('f.row', 'in', db.selectFrom('span').select('row').where('document', '=', document))
    .execute();
  const evidence = rows.flatMap(({ body }) => (JSON.parse(body) as FactBody).evidence ?? []);
  return evidence.filter((span) => span.document.id === document);
}
