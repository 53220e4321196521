/** Facts that the filters of a view refer to. */
import { listCandidateRefs } from '../../api/params/reference-values.ts';
import { getRenamedIds } from '../../api/service/facts.ts';
import type { QueryValues } from '../../http/query-string.ts';
import { refKey } from '../../model/fact-body.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Reference } from '../../model/fields.ts';
import type { PageRequest } from '../page-route.ts';
import type { ExploreState } from './url-state.ts';

/**
 * Replaces earlier ids of renamed facts by their ids at the revision of the page, so that chips, facets and
 * links agree with the list.
 */
export async function followRenames(
  { read }: Pick<PageRequest, 'read'>,
  state: ExploreState,
): Promise<ExploreState> {
  const { factType, values } = state;
  const references = Object.entries(values).flatMap(([name, each]) =>
    each.flatMap((value) => listReferences(factType, name, value)),
  );
  if (references.length === 0) return state;
  const renamed = await read((reader) => getRenamedIds(reader, references));
  if (renamed.size === 0) return state;
  const entries = Object.entries(values).map(([name, each]) => [
    name,
    [...new Set(each.map((value) => renameValue(value, listReferences(factType, name, value), renamed)))],
  ]);
  return { ...state, values: Object.fromEntries(entries) as QueryValues };
}

/** Splits an entry of `exclude` into the name of its filter and the value. */
export function splitExclusion(entry: string): [name: string, value: string] {
  const [name = '', ...rest] = entry.split(':');
  return [name, rest.join(':')];
}

function listReferences(factType: FactType, name: string, value: string): Reference[] {
  const { type, filterFields } = factType;
  if (name === 'exclude') return listReferences(factType, ...splitExclusion(value));
  if (name === 'ids') return [{ type, id: value }];
  const field = filterFields.get(name);
  return field?.kind === 'reference' && value !== 'none' ? listCandidateRefs(field.allowedTypes, value) : [];
}

/** Leaves a value without a type unchanged if facts of several types have or had the id. */
function renameValue(value: string, references: Reference[], renamed: ReadonlyMap<string, string>): string {
  const newIds = references.flatMap((reference) => renamed.get(refKey(reference)) ?? []);
  if (newIds.length !== 1) return value;
  // Keeps the type, and the name of the filter in an exclusion.
  return value.replace(/[^/:]+$/, newIds[0] as string);
}
