/** Queries for the existence, the home dossier and the current id of facts. */

import { sql } from 'kysely';
import { chunk } from '../../lib/chunk.ts';
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { query, type Reader } from '../database.ts';
import { valuesTable } from '../dialect/bulk-insert.ts';
import { isIn, or } from '../predicates.ts';
import { CURRENT, type Tables } from '../schema.ts';
import { isCurrentAt } from './facts.ts';

export interface Identity extends Reference {
  /** Id that has replaced this one, or null. */
  renamed_to: string | null;
  /** Home dossier; null if the fact has been renamed. */
  document: string | null;
  retracted: string | null;
}

/** Finds those of these facts that exist or have existed, by `type/id`. */
export async function findIdentities(db: Reader, references: Reference[]): Promise<Map<string, Identity>> {
  const uniqueReferences = [
    ...new Map(references.map((reference) => [refKey(reference), reference])).values(),
  ];
  if (uniqueReferences.length === 0) return new Map();
  const rows = await query(
    db,
    sql<Identity>`select i.type, i.id, i.renamed_to, f.document, f.retracted
      from ${valuesTable(db, uniqueReferences)} as given cross join identity as i
      left join fact as f on f.type = i.type and f.id = i.id and f.rev_to = ${CURRENT}
      where i.type = given.type and i.id = given.id`,
  );
  return new Map(rows.map((row) => [refKey(row), row]));
}

/** Identities of references, and of the ids that they were renamed to. */
export interface ResolvedNames {
  identities: Map<string, Identity>;
  /** Current names of renamed facts, by their earlier `type/id`. */
  renamed: Map<string, Reference>;
}

/** Finds the current names of those of these facts that were renamed, by their earlier `type/id`. */
export const findCurrentNames = async (
  db: Reader,
  references: Reference[],
): Promise<ResolvedNames['renamed']> => (await resolveNames(db, references)).renamed;

export async function resolveNames(db: Reader, references: Reference[]): Promise<ResolvedNames> {
  const identities = new Map<string, Identity>();
  const renamedTo = new Map<string, Reference>();
  let pending = references;
  while (pending.length > 0) {
    const batch = await findIdentities(db, pending);
    for (const [key, identity] of batch) identities.set(key, identity);
    const steps = [...batch.values()].flatMap(({ type, id, renamed_to }) =>
      renamed_to === null || renamedTo.has(refKey({ type, id }))
        ? []
        : [{ from: { type, id }, to: { type, id: renamed_to } }],
    );
    for (const { from, to } of steps) renamedTo.set(refKey(from), to);
    pending = steps.map(({ to }) => to);
  }
  const followRenames = (reference: Reference): Reference => {
    let current = reference;
    for (let next = renamedTo.get(refKey(current)); next; next = renamedTo.get(refKey(current)))
      current = next;
    return current;
  };
  return { identities, renamed: new Map([...renamedTo].map(([key, to]) => [key, followRenames(to)])) };
}

/** Limits on the ids that are compared with misspelled ones, and on the latter. */
const MAX_SIMILAR_IDS = 1_000;
const MAX_MISSPELLED_IDS = 20;
const PREFIX_LENGTH = 2;

/** Finds facts whose ids may be similar to these: some of the same type, those with the same beginning first. */
export async function findIdentitiesLike(db: Reader, misspelled: Reference[]): Promise<Reference[]> {
  const found: Reference[] = [];
  for (const { type, id } of misspelled.slice(0, MAX_MISSPELLED_IDS)) {
    for (const start of [id.slice(0, PREFIX_LENGTH), '']) {
      const rows = await query(
        db,
        sql<Reference>`select type, id from identity where type = ${type} and id >= ${start}
          order by id limit ${MAX_SIMILAR_IDS}`,
      );
      found.push(...rows);
    }
  }
  return found;
}

/** Finds the id that a fact had at `revision`, from any of its ids; null if that is the given id. */
export async function findIdAt(db: Reader, revision: number, fact: Reference): Promise<string | null> {
  const currentName = (await findCurrentNames(db, [fact])).get(refKey(fact));
  const references = await addEarlierIds(db, [currentName ?? fact]);
  const ids = references.map(({ id }) => id);
  const [row] = await query(
    db,
    sql<{ id: string }>`select f.id from fact as f
      where f.type = ${fact.type} and ${isIn(sql`f.id`, ids)} and ${isCurrentAt(revision)}`,
  );
  return row && row.id !== fact.id ? row.id : null;
}

/** Adds the earlier ids of these facts. */
export async function addEarlierIds(db: Reader, facts: Reference[]): Promise<Reference[]> {
  const earlierIdsByFact = await findEarlierIds(db, facts);
  return [...facts, ...facts.flatMap((fact) => earlierIdsByFact.get(refKey(fact)) ?? [])];
}

/** Finds the earlier ids of facts, latest first, by their current `type/id`. */
export async function findEarlierIds(db: Reader, facts: Reference[]): Promise<Map<string, Reference[]>> {
  const earlierByFact = new Map<string, Reference[]>();
  let pending = [
    ...new Map(facts.map((fact) => [refKey(fact), { currentKey: refKey(fact), fact }])).values(),
  ];
  while (pending.length > 0) {
    const next: typeof pending = [];
    for (const batch of chunk(pending)) {
      const isRenamedTo = or(batch.map(({ fact }) => sql`type = ${fact.type} and renamed_to = ${fact.id}`));
      const rows = await query(
        db,
        sql<Tables['identity']>`select type, id, renamed_to from identity
          where ${isRenamedTo} and renamed_to is not null`,
      );
      for (const { type, id, renamed_to } of rows) {
        const successor = batch.find(({ fact }) => fact.type === type && fact.id === renamed_to);
        if (!successor) continue;
        earlierByFact.set(successor.currentKey, [
          ...(earlierByFact.get(successor.currentKey) ?? []),
          { type, id },
        ]);
        next.push({ currentKey: successor.currentKey, fact: { type, id } });
      }
    }
    pending = next;
  }
  return earlierByFact;
}

/** Finds the first id of each of these facts, which stays the same when a fact is renamed. */
export async function findOriginalIds(db: Reader, facts: Reference[]): Promise<string[]> {
  const earlierByFact = await findEarlierIds(db, facts);
  return facts.map((fact) => (earlierByFact.get(refKey(fact))?.at(-1) ?? fact).id);
}
