/** A fact as one row of a table: what its columns are called, and what stands in them. */
import * as z from 'zod';
import { snakeCase } from '../lib/case.ts';
import type { FactType } from '../model/fact-type.ts';
import type { Fact, LabeledReference } from '../model/response-schemas.ts';
import type { Field } from '../model/schema-fields.ts';

export type Cell = string | number | boolean | null;

export interface Column {
  /** In snake_case. */
  name: string;
  /** Whether a cell may stand for several values, joined by `; `. */
  isList: boolean;
  /** Of one value. */
  kind: 'text' | 'integer' | 'number' | 'boolean';
  /** Of an own field: where in the fact its values stand, `speakers.id`. */
  path?: string;
  getCell(fact: Fact, publicUrl: string): Cell;
}

/** What joins the values of a list in one cell. */
const SEPARATOR = '; ';

/**
 * The columns of a table of facts of one type, in an order that stays: the head, the own fields in the order of their
 * schema, then what stands around them. New columns may be added before `permalink`, which is the last.
 */
export function getColumns(factType: FactType): Column[] {
  const cachedColumns = columnsByType.get(factType.type);
  if (cachedColumns) return cachedColumns;
  const columns = [
    textColumn('id', ({ id }) => id),
    textColumn('label', ({ label }) => label),
    ...createOwnColumns(factType),
    ...createMetadataColumns(factType.hasEvidence !== false),
  ];
  const names = columns.map(({ name }) => name);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate) throw new Error(`${factType.type}: two columns are called ${duplicate}`);
  columnsByType.set(factType.type, columns);
  return columns;
}

const columnsByType = new Map<string, Column[]>();

/** A row by the names of its columns. */
export const toRow = (fact: Fact, columns: Column[], publicUrl: string): Record<string, Cell> =>
  Object.fromEntries(columns.map(({ name, getCell }) => [name, getCell(fact, publicUrl)]));

/** The schema of such a row. */
export function createRowSchema(columns: Column[]): z.ZodObject {
  const kinds = {
    text: z.string(),
    integer: z.int(),
    number: z.number(),
    boolean: z.boolean(),
  };
  return z.object(
    Object.fromEntries(
      columns.map(({ name, isList, kind }) => [name, (isList ? z.string() : kinds[kind]).nullable()]),
    ),
  );
}

function createOwnColumns(factType: FactType): Column[] {
  const names = new Map([...factType.filterFields].map(([name, { path }]) => [path, snakeCase(name)]));
  return [...factType.fieldsByPath.values()].flatMap((field) => {
    const name = factType.columnNames?.[field.path] ?? names.get(field.path) ?? snakeCase(field.path);
    return field.kind === 'reference'
      ? createReferenceColumns(name, field)
      : [createPlainColumn(name, field)];
  });
}

function createPlainColumn(name: string, { path, isList, ...field }: Field): Column {
  const keys = path.split('.');
  return {
    name,
    isList,
    kind: toColumnKind(field),
    path,
    getCell: (fact) => joinCells(isList, collectCells(fact, keys)),
  };
}

function toColumnKind({ kind, isInteger }: Pick<Field, 'kind' | 'isInteger'>): Column['kind'] {
  if (kind === 'number') return isInteger ? 'integer' : 'number';
  return kind === 'boolean' ? kind : 'text';
}

/** The id, so that tables can be joined, and the label, so that people can read it; where it tells, the type as well. */
function createReferenceColumns(name: string, { path, allowedTypes, isList }: Field): Column[] {
  const createColumn = (columnName: string, key: keyof LabeledReference): Column => {
    const keys = [...path.split('.'), key];
    return {
      name: columnName,
      isList,
      kind: 'text',
      path: keys.join('.'),
      getCell: (fact) => joinCells(isList, collectCells(fact, keys)),
    };
  };
  return [
    ...(allowedTypes.length === 1 ? [] : [createColumn(`${name}_type`, 'type')]),
    createColumn(`${name}_id`, 'id'),
    createColumn(name, 'label'),
  ];
}

function createMetadataColumns(hasEvidence: boolean): Column[] {
  const accordingTo = [
    textColumn('according_to_id', ({ accordingTo }) => accordingTo?.id ?? null),
    textColumn('according_to', ({ accordingTo }) => accordingTo?.label ?? null),
  ];
  const source = [
    textColumn('source_id', ({ evidence }) => evidence?.[0]?.document.id ?? null),
    integerColumn('source_start', ({ evidence }) => evidence?.[0]?.start ?? null),
    integerColumn('source_end', ({ evidence }) => evidence?.[0]?.end ?? null),
    textColumn('source_quote', ({ evidence }) => evidence?.[0]?.exact ?? null),
    textListColumn('sources', ({ evidence = [] }) =>
      evidence.map(({ document, start, end }) => `${document.id}#char=${start},${end}`),
    ),
  ];
  const redaction = [
    integerColumn('redacted_revision', ({ redacted }) => redacted?.revision ?? null),
    textColumn('redacted_reason', ({ redacted }) => redacted?.reason ?? null),
  ];
  return [
    ...(hasEvidence ? accordingTo : []),
    textColumn('reported_on', ({ reportedOn }) => reportedOn),
    textColumn('recorded_at', ({ recordedAt }) => recordedAt),
    integerColumn('revision', ({ revision }) => revision),
    integerColumn('version', ({ version }) => version),
    textListColumn('inferred', ({ inferences }) => [...new Set(inferences.flatMap(({ fields }) => fields))]),
    textColumn('inference_notes', ({ inferences }) =>
      inferences.length > 0 ? inferences.map(({ kind, note }) => `${kind}: ${note}`).join(SEPARATOR) : null,
    ),
    ...(hasEvidence ? source : redaction),
    integerColumn('retracted_revision', ({ retracted }) => retracted?.revision ?? null),
    textColumn('retracted_reason', ({ retracted }) => retracted?.reason ?? null),
    textColumn('permalink', ({ links }, publicUrl) => publicUrl + links.html),
  ];
}

const textColumn = (name: string, getCell: Column['getCell']): Column => ({
  name,
  isList: false,
  kind: 'text',
  getCell,
});
const integerColumn = (name: string, getCell: Column['getCell']): Column => ({
  name,
  isList: false,
  kind: 'integer',
  getCell,
});
const textListColumn = (name: string, listValues: (fact: Fact) => string[]): Column => ({
  name,
  isList: true,
  kind: 'text',
  getCell: (fact) => joinCells(true, listValues(fact)),
});

/** What the `keys` lead to from `at`, lists looked through: one cell for each entry, null where it has no value. */
function collectCells(node: unknown, keys: string[], cells: Cell[] = [], depth = 0): Cell[] {
  const key = keys[depth];
  if (key === undefined || node === null) {
    cells.push(node as Cell);
    return cells;
  }
  const value = (node as Record<string, unknown>)[key] ?? null;
  if (!Array.isArray(value)) return collectCells(value, keys, cells, depth + 1);
  for (const each of value) collectCells(each, keys, cells, depth + 1);
  return cells;
}

/** Entries stand at the same place in every column of their list, so one without a value leaves its place empty. */
function joinCells(isList: boolean, cells: Cell[]): Cell {
  if (!isList) return cells[0] ?? null;
  return cells.some((cell) => cell !== null) ? cells.map(escapeSeparator).join(SEPARATOR) : null;
}

/** What would be taken for the end of an entry has a backslash before it. */
function escapeSeparator(cell: Cell): string {
  const text = String(cell ?? '');
  return text.includes(';') || text.endsWith('\\') ? text.replace(/\\(?=;|$)|;(?= )/g, '\\$&') : text;
}
