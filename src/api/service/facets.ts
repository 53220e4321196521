/** Counts of facts by the values of their fields. */
import { chunk } from '../../lib/chunk.ts';
import { type FactBody, refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { toTermValue } from '../../model/index-terms.ts';
import { type Field, getValuesAtPath } from '../../model/schema-fields.ts';
import { getFactType } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import { countValues, loadBodies, type ValueCount } from '../../store/queries/facets.ts';
import { findLabels } from '../../store/queries/facts.ts';
import type { FilterQuery } from '../../store/queries/list.ts';
import { loadExpansion } from './expanded-list.ts';
import { defineCount } from './query.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

export interface FacetValue {
  /** Value as the filter takes it; `none` for facts without a value. */
  value: string;
  label: string;
  count: number;
}

export interface Facet {
  field: string;
  /** Number of distinct values, including those that `values` does not contain. */
  distinct: number;
  /** Most frequent first, then by value. */
  values: FacetValue[];
}

export type FacetFilters = Pick<FilterQuery, 'type' | 'filters' | 'includeRetracted'>;

interface FacetsInput extends FacetFilters {
  /** True if filters by members of groups also match the facts about the groups. */
  expand?: boolean;
  /** Names of the filters whose values are counted. */
  by: string[];
  /** Maximum number of values for each field. */
  limit: number;
}

/** Query for the facets of the facts that match the filters. */
export const countFacets = defineCount('countFacets', async (reader, input: FacetsInput) => ({
  cost: 'scan' as const,
  async run(): Promise<Facet[]> {
    const { by, limit, expand, ...selection } = input;
    const filters = expand
      ? { ...selection, filters: (await loadExpansion(reader, selection)).factFilters }
      : selection;
    const facets: Facet[] = [];
    for (const name of new Set(by)) facets.push(await countFacet(reader, filters, name, limit));
    return facets;
  },
}));

/** Counts the values of one field; a `limit` of null returns all of them. */
export async function countFacet(
  { db, snapshot: { revision } }: SnapshotReader,
  filters: FacetFilters,
  name: string,
  limit: number | null,
): Promise<Facet> {
  const field = getFactType(filters.type).filterFields.get(name) as Field;
  const counts = await countValues(db, { ...filters, revision }, field, limit);
  const references = counts.flatMap(({ value, refType }) => (refType ? [{ type: refType, id: value }] : []));
  const labels = await findLabels(db, revision, references);
  const originalValues = await loadOriginalValues(db, counts, field);
  const values = counts.map((valueCount): FacetValue => {
    const { count, value, refType, absent } = valueCount;
    if (absent) return { value: 'none', label: 'none', count };
    if (!refType) {
      const originalValue = originalValues.get(valueCount) as string;
      return { value: originalValue, label: originalValue, count };
    }
    const reference: Reference = { type: refType, id: value };
    const filterValue = field.allowedTypes.length === 1 ? value : refKey(reference);
    return { value: filterValue, label: labels.get(refKey(reference))?.label ?? value, count };
  });
  return { field: name, distinct: counts[0]?.distinct ?? 0, values };
}

/** Loads non-reference values from the facts, as the index may have them normalized or truncated. */
async function loadOriginalValues(
  db: Reader,
  counts: ValueCount[],
  { path }: Field,
): Promise<Map<ValueCount, string>> {
  const originalValues = new Map<ValueCount, string>();
  const nonReferences = counts.filter(({ refType, absent }) => refType === null && !absent);
  for (const batch of chunk(nonReferences)) {
    const bodies = await loadBodies(
      db,
      batch.map(({ row }) => row),
    );
    for (const valueCount of batch) {
      const values = getValuesAtPath(JSON.parse(bodies.get(valueCount.row) as string) as FactBody, path);
      const value = values.find(
        (each) => toTermValue(each as string | number | boolean) === valueCount.value,
      );
      originalValues.set(valueCount, String(value));
    }
  }
  return originalValues;
}
