/** Which fields stand in the table: what its type is sorted and counted by, as far as there is room. */
import * as z from 'zod';
import type { Resource } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';

export interface Column {
  /** The top-level field: what inferences name. */
  name: string;
  isDay: boolean;
  /** The key to sort by it, if there is one. */
  sort: string | null;
}

/** Beside the label. */
const MOST = 5;
/** With fewer, other filters get columns too. */
const FEW = 3;

/** The columns for `facts`: a field that is empty in all of them makes room for another, unless they are sorted by it. */
export function columnsFor(resource: Resource, facts: Fact[], sort: string): Column[] {
  const { ranked, others } = candidatesOf(resource);
  const filled = ({ name }: Column) => facts.length === 0 || facts.some((fact) => !isEmpty(fact[name]));
  const chosen = ranked.filter(filled);
  if (chosen.length < FEW) chosen.push(...others.filter(filled));
  const columns = chosen.slice(0, MOST);
  const sorted = columnSortedBy(resource, sort);
  // What is the label itself is a column already.
  const isThere = ({ name }: Column) =>
    columns.some((column) => column.name === name) || facts.every((fact) => fact[name] === fact.label);
  return sorted && !isThere(sorted) ? [...columns.slice(0, MOST - 1), sorted] : columns;
}

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

interface Candidates {
  ranked: Column[];
  others: Column[];
}

const candidates = new Map<Resource, Candidates>();

function candidatesOf(resource: Resource): Candidates {
  const known = candidates.get(resource);
  if (known) return known;
  const { sorts, facets, filters, fields } = resource;
  const days = sorts.filter((path) => isDayField(resource, path));
  const numbers = sorts.filter((path) => fields.get(path)?.kind === 'number');
  const counted = facets.map((name) => filters[name] as string);
  // What it happened on comes first, what it is by any other date last.
  const paths = [...days.slice(0, 1), ...numbers, ...counted, ...days.slice(1), 'reportedOn'];
  const ranked = columnsOf(resource, paths);
  const others = columnsOf(resource, Object.values(filters)).filter(
    ({ name }) => !ranked.some((column) => column.name === name),
  );
  const found = { ranked, others };
  candidates.set(resource, found);
  return found;
}

const columnsOf = (resource: Resource, paths: string[]): Column[] =>
  [...new Set(paths.map(topOf))].map((name) => columnOf(resource, name));

function columnOf(resource: Resource, name: string): Column {
  const sort = resource.sort.options.includes(name) ? name : null;
  return { name, sort, isDay: isDayField(resource, name) };
}

/** The label is a column anyway, and the id is in its link. */
function columnSortedBy(resource: Resource, sort: string): Column | null {
  const name = topOf(sort.replace(/^-/, ''));
  const isField = name === 'reportedOn' || resource.fieldNames.includes(name);
  return isField ? columnOf(resource, name) : null;
}

const topOf = (path: string): string => path.split('.')[0] as string;

const isDayField = ({ schema }: Resource, path: string): boolean =>
  path === 'reportedOn' || isDay(schema.shape[path] as z.ZodType | undefined);

function isDay(schema: z.ZodType | undefined): boolean {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return isDay(schema.def.innerType as z.ZodType);
  return schema instanceof z.ZodISODate;
}
