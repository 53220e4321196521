/** A fact as one row of a table: what its columns are called, and what stands in them. */
import * as z from 'zod';
import { snake } from '../lib/case.ts';
import type { Resource } from '../model/fact-type.ts';
import type { Fact, Labelled } from '../model/response-schemas.ts';
import type { Field } from '../model/schema-fields.ts';

export type Cell = string | number | boolean | null;

export interface Column {
  /** In snake_case. */
  name: string;
  /** Whether a cell may stand for several values, joined by `; `. */
  list: boolean;
  /** Of one value. */
  kind: 'text' | 'whole number' | 'number' | 'boolean';
  /** Of an own field: where in the fact its values stand, `speakers.id`. */
  path?: string;
  cell(fact: Fact, publicUrl: string): Cell;
}

/** What joins the values of a list in one cell. */
const JOINED = '; ';

/**
 * The columns of a table of facts of one type, in an order that stays: the head, the own fields in the order of their
 * schema, then what stands around them. New columns may be added before `permalink`, which is the last.
 */
export function columnsOf(resource: Resource): Column[] {
  const found = cached.get(resource.type);
  if (found) return found;
  const columns = [
    text('id', ({ id }) => id),
    text('label', ({ label }) => label),
    ...ownColumns(resource),
    ...surroundings(resource.sourced !== false),
  ];
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) throw new Error(`${resource.type}: two columns are called ${twice}`);
  cached.set(resource.type, columns);
  return columns;
}

const cached = new Map<string, Column[]>();

/** A row by the names of its columns. */
export const rowOf = (fact: Fact, columns: Column[], publicUrl: string): Record<string, Cell> =>
  Object.fromEntries(columns.map(({ name, cell }) => [name, cell(fact, publicUrl)]));

/** The schema of such a row. */
export function rowSchema(columns: Column[]): z.ZodObject {
  const kinds = {
    text: z.string(),
    'whole number': z.int(),
    number: z.number(),
    boolean: z.boolean(),
  };
  return z.object(
    Object.fromEntries(
      columns.map(({ name, list, kind }) => [name, (list ? z.string() : kinds[kind]).nullable()]),
    ),
  );
}

function ownColumns(resource: Resource): Column[] {
  const names = new Map([...resource.filterFields].map(([name, { path }]) => [path, snake(name)]));
  return [...resource.fields.values()].flatMap((field) => {
    const name = resource.columns?.[field.path] ?? names.get(field.path) ?? snake(field.path);
    return field.kind === 'reference' ? referenceColumns(name, field) : [plainColumn(name, field)];
  });
}

function plainColumn(name: string, { path, list, ...field }: Field): Column {
  const keys = path.split('.');
  return {
    name,
    list,
    kind: kindOf(field),
    path,
    cell: (fact) => joined(list, cellsAt(fact, keys)),
  };
}

function kindOf({ kind, whole }: Pick<Field, 'kind' | 'whole'>): Column['kind'] {
  if (kind === 'number') return whole ? 'whole number' : 'number';
  return kind === 'boolean' ? kind : 'text';
}

/** The id, so that tables can be joined, and the label, so that people can read it; where it tells, the type as well. */
function referenceColumns(name: string, { path, types, list }: Field): Column[] {
  const column = (of: string, key: keyof Labelled): Column => {
    const keys = [...path.split('.'), key];
    return {
      name: of,
      list,
      kind: 'text',
      path: keys.join('.'),
      cell: (fact) => joined(list, cellsAt(fact, keys)),
    };
  };
  return [
    ...(types.length === 1 ? [] : [column(`${name}_type`, 'type')]),
    column(`${name}_id`, 'id'),
    column(name, 'label'),
  ];
}

function surroundings(sourced: boolean): Column[] {
  const accordingTo = [
    text('according_to_id', ({ accordingTo }) => accordingTo?.id ?? null),
    text('according_to', ({ accordingTo }) => accordingTo?.label ?? null),
  ];
  const source = [
    text('source_id', ({ evidence }) => evidence?.[0]?.document.id ?? null),
    number('source_start', ({ evidence }) => evidence?.[0]?.start ?? null),
    number('source_end', ({ evidence }) => evidence?.[0]?.end ?? null),
    text('source_quote', ({ evidence }) => evidence?.[0]?.exact ?? null),
    texts('sources', ({ evidence = [] }) =>
      evidence.map(({ document, start, end }) => `${document.id}#char=${start},${end}`),
    ),
  ];
  const redaction = [
    number('redacted_revision', ({ redacted }) => redacted?.revision ?? null),
    text('redacted_reason', ({ redacted }) => redacted?.reason ?? null),
  ];
  return [
    ...(sourced ? accordingTo : []),
    text('reported_on', ({ reportedOn }) => reportedOn),
    text('recorded_at', ({ recordedAt }) => recordedAt),
    number('revision', ({ revision }) => revision),
    number('version', ({ version }) => version),
    texts('inferred', ({ inferences }) => [...new Set(inferences.flatMap(({ fields }) => fields))]),
    text('inference_notes', ({ inferences }) =>
      inferences.length > 0 ? inferences.map(({ kind, note }) => `${kind}: ${note}`).join(JOINED) : null,
    ),
    ...(sourced ? source : redaction),
    number('retracted_revision', ({ retracted }) => retracted?.revision ?? null),
    text('retracted_reason', ({ retracted }) => retracted?.reason ?? null),
    text('permalink', ({ links }, publicUrl) => publicUrl + links.html),
  ];
}

const text = (name: string, cell: Column['cell']): Column => ({ name, list: false, kind: 'text', cell });
const number = (name: string, cell: Column['cell']): Column => ({
  name,
  list: false,
  kind: 'whole number',
  cell,
});
const texts = (name: string, values: (fact: Fact) => string[]): Column => ({
  name,
  list: true,
  kind: 'text',
  cell: (fact) => joined(true, values(fact)),
});

/** What the `keys` lead to from `at`, lists looked through: one cell for each entry, null where it has no value. */
function cellsAt(at: unknown, keys: string[], cells: Cell[] = [], depth = 0): Cell[] {
  const key = keys[depth];
  if (key === undefined || at === null) {
    cells.push(at as Cell);
    return cells;
  }
  const value = (at as Record<string, unknown>)[key] ?? null;
  if (!Array.isArray(value)) return cellsAt(value, keys, cells, depth + 1);
  for (const each of value) cellsAt(each, keys, cells, depth + 1);
  return cells;
}

/** Entries stand at the same place in every column of their list, so one without a value leaves its place empty. */
function joined(list: boolean, cells: Cell[]): Cell {
  if (!list) return cells[0] ?? null;
  return cells.some((cell) => cell !== null) ? cells.map(entry).join(JOINED) : null;
}

/** What would be taken for the end of an entry has a backslash before it. */
function entry(cell: Cell): string {
  const text = String(cell ?? '');
  return text.includes(';') || text.endsWith('\\') ? text.replace(/\\(?=;|$)|;(?= )/g, '\\$&') : text;
}
