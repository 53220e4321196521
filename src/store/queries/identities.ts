/** Which facts there are, where they have their home, and what they are called now. */

import { batches } from '../../lib/chunk.ts';
import { keyOf } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Reader } from '../database.ts';
import { tableOf } from '../dialect/bulk-insert.ts';
import { OPEN_END } from '../schema.ts';

export interface Identity extends Reference {
  /** The id that it was given instead. */
  renamed_to: string | null;
  /** Null of a fact that goes by another id. */
  document: string | null;
  retracted: string | null;
}

/** Those of these facts that there are or were, by `type/id`. */
export async function identitiesOf(db: Reader, references: Reference[]): Promise<Map<string, Identity>> {
  const distinct = [...new Map(references.map((each) => [keyOf(each), each])).values()];
  if (distinct.length === 0) return new Map();
  const rows = await db
    .selectFrom(tableOf(db, distinct).as('given'))
    .crossJoin('identity as i')
    .leftJoin('fact as f', (join) =>
      join.onRef('f.type', '=', 'i.type').onRef('f.id', '=', 'i.id').on('f.rev_to', '=', OPEN_END),
    )
    .select(['i.type', 'i.id', 'i.renamed_to', 'f.document', 'f.retracted'])
    .whereRef('i.type', '=', 'given.type')
    .whereRef('i.id', '=', 'given.id')
    .execute();
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** What is known by these references, or by what they were renamed to. */
export interface Names {
  identities: Map<string, Identity>;
  /** What those that were renamed are called now, by the `type/id` that they had. */
  renamed: Map<string, Reference>;
}

/** What these facts are called now, of those that were renamed: by the `type/id` that they had. */
export const renamedOf = async (db: Reader, references: Reference[]): Promise<Names['renamed']> =>
  (await namesOf(db, references)).renamed;

export async function namesOf(db: Reader, references: Reference[]): Promise<Names> {
  const identities = new Map<string, Identity>();
  const now = new Map<string, Reference>();
  let asked = references;
  while (asked.length > 0) {
    const found = await identitiesOf(db, asked);
    for (const [key, identity] of found) identities.set(key, identity);
    const steps = [...found.values()].flatMap(({ type, id, renamed_to }) =>
      renamed_to === null || now.has(keyOf({ type, id }))
        ? []
        : [{ from: { type, id }, to: { type, id: renamed_to } }],
    );
    for (const { from, to } of steps) now.set(keyOf(from), to);
    asked = steps.map(({ to }) => to);
  }
  const last = (reference: Reference): Reference => {
    let at = reference;
    for (let next = now.get(keyOf(at)); next; next = now.get(keyOf(at))) at = next;
    return at;
  };
  return { identities, renamed: new Map([...now].map(([key, to]) => [key, last(to)])) };
}

/** The id that a fact went by at `revision`, if it was another than this one, of now or of before. */
export async function idAt(db: Reader, revision: number, fact: Reference): Promise<string | null> {
  const later = (await renamedOf(db, [fact])).get(keyOf(fact));
  const known = await withEarlierIds(db, [later ?? fact]);
  const row = await db
    .selectFrom('fact')
    .select('id')
    .where('type', '=', fact.type)
    .where(
      'id',
      'in',
      known.map(({ id }) => id),
    )
    .where('rev_from', '<=', revision)
    .where('rev_to', '>', revision)
    .executeTakeFirst();
  return row && row.id !== fact.id ? row.id : null;
}

/** These facts, under the ids they had before too. */
export async function withEarlierIds(db: Reader, facts: Reference[]): Promise<Reference[]> {
  const earlier = await earlierIds(db, facts);
  return [...facts, ...facts.flatMap((fact) => earlier.get(keyOf(fact)) ?? [])];
}

/** Under which ids facts went before, by the `type/id` that they have now. */
export async function earlierIds(db: Reader, facts: Reference[]): Promise<Map<string, Reference[]>> {
  const found = new Map<string, Reference[]>();
  let asked = [...new Map(facts.map((fact) => [keyOf(fact), { now: keyOf(fact), fact }])).values()];
  while (asked.length > 0) {
    const next: typeof asked = [];
    for (const batch of batches(asked)) {
      const rows = await db
        .selectFrom('identity')
        .select(['type', 'id', 'renamed_to'])
        .where((eb) => eb.or(batch.map(({ fact }) => eb.and({ type: fact.type, renamed_to: fact.id }))))
        .where('renamed_to', 'is not', null)
        .execute();
      for (const { type, id, renamed_to } of rows) {
        const to = batch.find(({ fact }) => fact.type === type && fact.id === renamed_to);
        if (!to) continue;
        found.set(to.now, [...(found.get(to.now) ?? []), { type, id }]);
        next.push({ now: to.now, fact: { type, id } });
      }
    }
    asked = next;
  }
  return found;
}

/** The id that each of these facts had first: it stays when the fact is renamed. */
export async function firstIds(db: Reader, facts: Reference[]): Promise<string[]> {
  const earlier = await earlierIds(db, facts);
  return facts.map((fact) => (earlier.get(keyOf(fact))?.at(-1) ?? fact).id);
}
