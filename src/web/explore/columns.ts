/** Selects the columns of a table: the fields that its type is sorted and counted by, as far as they fit. */
import * as z from 'zod';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';

export interface Column {
  /** Top-level field, as inferences name it. */
  name: string;
  isDate: boolean;
  /** Sort key of the column, or null. */
  sort: string | null;
}

/** In addition to the label. */
const MAX_COLUMNS = 5;
/** With fewer columns, other filters become columns too. */
const MIN_COLUMNS = 3;

/** Returns the columns for `facts`: only fields that one of them has, and always the sorted field. */
export function selectColumns(factType: FactType, facts: Fact[], sort: string): Column[] {
  const { ranked, others } = getCandidates(factType);
  const hasValue = ({ name }: Column) => facts.length === 0 || facts.some((fact) => !isEmpty(fact[name]));
  const candidates = ranked.filter(hasValue);
  if (candidates.length < MIN_COLUMNS) candidates.push(...others.filter(hasValue));
  const columns = candidates.slice(0, MAX_COLUMNS);
  const sortColumn = findSortColumn(factType, sort);
  // A field that equals the label is shown by the label column.
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
  // The date of the event comes first; other dates come last.
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

/** Null for the label, which is always a column, and for the id, which is in the link of the label. */
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
