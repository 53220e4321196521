/** Which fields stand in the table: what its type is sorted and counted by, as far as there is room. */
import * as z from 'zod';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';

export interface Column {
  /** The top-level field: what inferences name. */
  name: string;
  isDate: boolean;
  /** The key to sort by it, if there is one. */
  sort: string | null;
}

/** Beside the label. */
const MAX_COLUMNS = 5;
/** With fewer, other filters get columns too. */
const MIN_COLUMNS = 3;

/** The columns for `facts`: a field that is empty in all of them makes room for another, unless they are sorted by it. */
export function selectColumns(factType: FactType, facts: Fact[], sort: string): Column[] {
  const { ranked, others } = getCandidates(factType);
  const hasValue = ({ name }: Column) => facts.length === 0 || facts.some((fact) => !isEmpty(fact[name]));
  const candidates = ranked.filter(hasValue);
  if (candidates.length < MIN_COLUMNS) candidates.push(...others.filter(hasValue));
  const columns = candidates.slice(0, MAX_COLUMNS);
  const sortColumn = findSortColumn(factType, sort);
  // What is the label itself is a column already.
  const isRedundant = ({ name }: Column) =>
    columns.some((column) => column.name === name) || facts.every((fact) => fact[name] === fact.label);
  return sortColumn && !isRedundant(sortColumn)
    ? [...columns.slice(0, MAX_COLUMNS - 1), sortColumn]
    : columns;
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

interface Candidates {
  ranked: Column[];
  others: Column[];
}

const candidateCache = new Map<FactType, Candidates>();

function getCandidates(factType: FactType): Candidates {
  const cached = candidateCache.get(factType);
  if (cached) return cached;
  const { sorts, facets, filters, fieldsByPath } = factType;
  const dateFields = sorts.filter((path) => isDateField(factType, path));
  const numberFields = sorts.filter((path) => fieldsByPath.get(path)?.kind === 'number');
  const facetFields = facets.map((name) => filters[name] as string);
  // What it happened on comes first, what it is by any other date last.
  const paths = [
    ...dateFields.slice(0, 1),
    ...numberFields,
    ...facetFields,
    ...dateFields.slice(1),
    'reportedOn',
  ];
  const ranked = toColumns(factType, paths);
  const others = toColumns(factType, Object.values(filters)).filter(
    ({ name }) => !ranked.some((column) => column.name === name),
  );
  const candidates = { ranked, others };
  candidateCache.set(factType, candidates);
  return candidates;
}

const toColumns = (factType: FactType, paths: string[]): Column[] =>
  [...new Set(paths.map(toTopLevelField))].map((name) => toColumn(factType, name));

function toColumn(factType: FactType, name: string): Column {
  const sort = factType.sortSchema.options.includes(name) ? name : null;
  return { name, sort, isDate: isDateField(factType, name) };
}

/** The label is a column anyway, and the id is in its link. */
function findSortColumn(factType: FactType, sort: string): Column | null {
  const name = toTopLevelField(sort.replace(/^-/, ''));
  const isField = name === 'reportedOn' || factType.fieldNames.includes(name);
  return isField ? toColumn(factType, name) : null;
}

const toTopLevelField = (path: string): string => path.split('.')[0] as string;

const isDateField = ({ schema }: FactType, path: string): boolean =>
  path === 'reportedOn' || isDateSchema(schema.shape[path] as z.ZodType | undefined);

function isDateSchema(schema: z.ZodType | undefined): boolean {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return isDateSchema(schema.def.innerType as z.ZodType);
  return schema instanceof z.ZodISODate;
}
