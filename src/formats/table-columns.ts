/** Columns of tables of facts: names, types and cells. */
import * as z from 'zod';
import { snakeCase } from '../lib/case.ts';
import type { FactType } from '../model/fact-type.ts';
import { findMainEvidence } from '../model/main-evidence.ts';
import { isSelected } from '../model/response-fields.ts';
import type { Fact, LabeledReference } from '../model/response-schemas.ts';
import type { Field } from '../model/schema-fields.ts';
import { joinList } from './list-cells.ts';
import { getInferredFields } from './quoted-text.ts';

export type Cell = string | number | boolean | null;

export interface Column {
  /** In snake_case. */
  name: string;
  /** True if a cell may hold several values, joined by `; `. */
  isList: boolean;
  /** Type of a single value. */
  kind: 'text' | 'integer' | 'number' | 'boolean';
  /** Field of the fact that the values are from. */
  field: string;
  /** Path of the values within the fact, such as `speakers.id`; only for fields of the type itself. */
  path?: string;
  /** Field of the type itself; a reference has several columns. */
  ownField?: Field;
  getCell(fact: Fact, publicUrl: string): Cell;
}

/**
 * Returns the columns of a table of facts of one type, in a stable order: id and label, the fields of the
 * type in the order of their schema, then the fields of all facts. New columns may be added before
 * `permalink`, which is last.
 */
export function getColumns(factType: FactType): Column[] {
  const cachedColumns = columnsByType.get(factType.type);
  if (cachedColumns) return cachedColumns;
  const columns = [
    textColumn('id', 'id', ({ id }) => id),
    textColumn('label', 'label', ({ label }) => label),
    ...createOwnColumns(factType),
    ...createMetadataColumns(factType),
  ];
  const names = columns.map(({ name }) => name);
  const duplicate = names.find((name, index) => names.indexOf(name) !== index);
  if (duplicate) throw new Error(`${factType.type}: two columns are named ${duplicate}`);
  columnsByType.set(factType.type, columns);
  return columns;
}

/** Returns the columns of the selected fields, or all; the id is always one of them. */
export function selectColumns(columns: Column[], parameters: Record<string, unknown>): Column[] {
  const { fields, include } = parameters as { fields?: string[]; include?: string };
  if (!fields) return columns;
  // These are empty without retracted facts.
  const isNeeded = ({ field }: Column) => field !== 'retracted' || include !== undefined;
  return columns.filter((column) => isSelected(fields, column.field) && isNeeded(column));
}

const columnsByType = new Map<string, Column[]>();

/** Returns the cells of a fact by column name. */
export const toRow = (fact: Fact, columns: Column[], publicUrl: string): Record<string, Cell> =>
  Object.fromEntries(columns.map(({ name, getCell }) => [name, getCell(fact, publicUrl)]));

/** Creates the schema of the object that `toRow` returns. */
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

function createPlainColumn(name: string, field: Field): Column {
  const { path, isList } = field;
  const keys = path.split('.');
  return {
    ownField: field,
    name,
    isList,
    kind: toColumnKind(field),
    field: keys[0] as string,
    path,
    getCell: (fact) => joinCells(isList, collectCells(fact, keys)),
  };
}

function toColumnKind({ kind, isInteger }: Pick<Field, 'kind' | 'isInteger'>): Column['kind'] {
  if (kind === 'number') return isInteger ? 'integer' : 'number';
  return kind === 'boolean' ? kind : 'text';
}

/**
 * Creates a column for the id, to join tables, one for the label, and one for the type if there are several.
 */
function createReferenceColumns(name: string, field: Field): Column[] {
  const { path, allowedTypes, isList } = field;
  const createColumn = (columnName: string, key: keyof LabeledReference): Column => {
    const keys = [...path.split('.'), key];
    return {
      name: columnName,
      isList,
      kind: 'text',
      field: keys[0] as string,
      path: keys.join('.'),
      ownField: field,
      getCell: (fact) => joinCells(isList, collectCells(fact, keys)),
    };
  };
  return [
    ...(allowedTypes.length === 1 ? [] : [createColumn(`${name}_type`, 'type')]),
    createColumn(`${name}_id`, 'id'),
    createColumn(name, 'label'),
  ];
}

function createMetadataColumns(factType: FactType): Column[] {
  const hasEvidence = factType.hasEvidence !== false;
  const findMain = rememberLast((fact) => findMainEvidence(factType, fact));
  const accordingTo = [
    textColumn('according_to_id', 'accordingTo', ({ accordingTo }) => accordingTo?.id ?? null),
    textColumn('according_to', 'accordingTo', ({ accordingTo }) => accordingTo?.label ?? null),
  ];
  const source = [
    textColumn('source_id', 'evidence', (fact) => findMain(fact)?.document.id ?? null),
    integerColumn('source_start', 'evidence', (fact) => findMain(fact)?.start ?? null),
    integerColumn('source_end', 'evidence', (fact) => findMain(fact)?.end ?? null),
    textColumn('source_quote', 'evidence', (fact) => findMain(fact)?.exact ?? null),
    textListColumn('sources', 'evidence', ({ evidence = [] }) =>
      evidence.map(({ document, start, end }) => `${document.id}#char=${start},${end}`),
    ),
  ];
  const redaction = [
    integerColumn('redacted_revision', 'redacted', ({ redacted }) => redacted?.revision ?? null),
    textColumn('redacted_reason', 'redacted', ({ redacted }) => redacted?.reason ?? null),
  ];
  return [
    ...(hasEvidence ? accordingTo : []),
    textColumn('reported_on', 'reportedOn', ({ reportedOn }) => reportedOn),
    textColumn('recorded_at', 'recordedAt', ({ recordedAt }) => recordedAt),
    integerColumn('revision', 'revision', ({ revision }) => revision),
    integerColumn('version', 'version', ({ version }) => version),
    textListColumn('inferred', 'inferences', getInferredFields),
    textListColumn('inference_notes', 'inferences', ({ inferences }) =>
      inferences.map(({ kind, note }) => `${kind}: ${note}`),
    ),
    ...(hasEvidence ? source : redaction),
    integerColumn('retracted_revision', 'retracted', ({ retracted }) => retracted?.revision ?? null),
    textColumn('retracted_reason', 'retracted', ({ retracted }) => retracted?.reason ?? null),
    textColumn('permalink', 'links', ({ links }, publicUrl) => publicUrl + links.html),
  ];
}

/** Remembers the result for the last fact, which several columns of a row need. */
function rememberLast<T>(compute: (fact: Fact) => T): (fact: Fact) => T {
  let lastFact: Fact | undefined;
  let lastResult: T;
  return (fact) => {
    if (fact !== lastFact) lastResult = compute(fact);
    lastFact = fact;
    return lastResult;
  };
}

const textColumn = (name: string, field: string, getCell: Column['getCell']): Column => ({
  name,
  field,
  isList: false,
  kind: 'text',
  getCell,
});
const integerColumn = (name: string, field: string, getCell: Column['getCell']): Column => ({
  name,
  field,
  isList: false,
  kind: 'integer',
  getCell,
});
const textListColumn = (name: string, field: string, listValues: (fact: Fact) => string[]): Column => ({
  name,
  field,
  isList: true,
  kind: 'text',
  getCell: (fact) => joinCells(true, listValues(fact)),
});

/** Collects the values at `keys` below `node`: one cell for each list entry, null if it has no value. */
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

const joinCells = (isList: boolean, cells: Cell[]): Cell => (isList ? joinList(cells) : (cells[0] ?? null));
