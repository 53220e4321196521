/** Renamed facts in filters: an id that a fact had before matches the fact under its later ids. */
import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import type { Term } from '../../model/index-terms.ts';
import { getDataVersion, query, type Reader } from '../database.ts';
import { valuesTable } from '../dialect/bulk-insert.ts';
import type { Filter, PositiveFilter } from './filters.ts';

/** Later ids of facts by `type/id`; empty for a fact that was never renamed. */
type LaterIds = ReadonlyMap<string, readonly string[]>;

/**
 * Adds to each id in `filters` the ids that its fact got later. At any revision the fact has at most one of
 * them, and no other fact ever gets one of them, so the result is also right for the past.
 */
export async function addLaterIds(db: Reader, type: string, filters: Filter[]): Promise<Filter[]> {
  const references = filters.flatMap((filter) => collectFilterReferences(type, filter));
  if (references.length === 0) return filters;
  const laterIds = await findLaterIds(db, references);
  const isRenamed = [...laterIds.values()].some((ids) => ids.length > 0);
  return isRenamed ? filters.map((filter) => addToFilter(type, filter, laterIds)) : filters;
}

function collectFilterReferences(type: string, filter: Filter): Reference[] {
  if (filter.kind === 'not') return collectFilterReferences(type, filter.filter);
  if (filter.kind === 'ids') return filter.ids.map((id) => ({ type, id }));
  if (filter.kind !== 'terms') return [];
  return filter.anyOf.flatMap(({ refType, value }) =>
    refType === null ? [] : [{ type: refType, id: value }],
  );
}

function addToFilter(type: string, filter: Filter, laterIds: LaterIds): Filter {
  return filter.kind === 'not'
    ? { ...filter, filter: addToPositiveFilter(type, filter.filter, laterIds) }
    : addToPositiveFilter(type, filter, laterIds);
}

function addToPositiveFilter(type: string, filter: PositiveFilter, laterIds: LaterIds): PositiveFilter {
  const addTo = (reference: Reference) => [reference.id, ...(laterIds.get(refKey(reference)) ?? [])];
  if (filter.kind === 'ids')
    return { ...filter, ids: [...new Set(filter.ids.flatMap((id) => addTo({ type, id })))] };
  if (filter.kind !== 'terms') return filter;
  const terms = filter.anyOf.flatMap((term): Term[] => {
    const { refType, value } = term;
    return refType === null
      ? [term]
      : addTo({ type: refType, id: value }).map((id) => ({ ...term, value: id }));
  });
  const uniqueTerms = new Map(terms.map((term) => [JSON.stringify(term), term]));
  return { ...filter, anyOf: [...uniqueTerms.values()] };
}

const MAX_CACHED_FACTS = 10_000;

/** Later ids of the facts that filters named last, valid until the database changes. */
const cacheByReader = new WeakMap<Reader, { version: number; laterIds: LRUCache<string, string[]> }>();

function getCache(db: Reader): LRUCache<string, string[]> | null {
  const version = getDataVersion(db);
  if (version === null) return null;
  const cached = cacheByReader.get(db);
  if (cached?.version === version) return cached.laterIds;
  const laterIds = new LRUCache<string, string[]>({ maxSize: MAX_CACHED_FACTS, sizeCalculation: () => 1 });
  cacheByReader.set(db, { version, laterIds });
  return laterIds;
}

/** Finds the ids that each of these facts got later, by `type/id`. */
export async function findLaterIds(db: Reader, references: Reference[]): Promise<LaterIds> {
  const cache = getCache(db);
  const result = new Map<string, string[]>();
  const unknown = new Map<string, Reference>();
  for (const reference of references) {
    const key = refKey(reference);
    const cached = cache?.get(key);
    if (cached) result.set(key, cached);
    else unknown.set(key, reference);
  }
  if (unknown.size === 0) return result;
  const renames = await selectLaterIds(db, [...unknown.values()]);
  for (const key of unknown.keys()) {
    const ids = (renames.get(key) ?? []).map(({ id }) => id);
    cache?.set(key, ids);
    result.set(key, ids);
  }
  return result;
}

interface Rename extends Reference {
  /** Id from which the chain of renames starts. */
  given: string;
}

async function selectLaterIds(db: Reader, references: Reference[]): Promise<Map<string, Rename[]>> {
  const rows = await query(
    db,
    sql<Rename>`with recursive later (given, type, id) as (
        select i.id, i.type, i.renamed_to from ${valuesTable(db, references)} as asked cross join identity as i
        where i.type = asked.type and i.id = asked.id and i.renamed_to is not null
      union all
        select l.given, i.type, i.renamed_to from later as l cross join identity as i
        where i.type = l.type and i.id = l.id and i.renamed_to is not null
      )
      select given, type, id from later`,
  );
  return Map.groupBy(rows, ({ type, given }) => refKey({ type, id: given }));
}
