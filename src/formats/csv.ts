/** Tables in CSV (RFC 4180), for spreadsheets, chart tools and statistics software. */
import * as z from 'zod';
import { flag, flagOrDigit, singleValue } from '../http/params.ts';
import type { ExpandedFact } from '../model/expansion.ts';
import type { Fact } from '../model/response-schemas.ts';
import { appendQueryParameter, type Format, type Tool } from './format.ts';
import { type Cell, type Column, getColumns, selectColumns } from './table-columns.ts';

export const CSV_MEDIA_TYPE = 'text/csv; charset=utf-8; header=present';

/** Query parameters of all CSV tables. */
export const csvParameters = {
  bom: singleValue(flagOrDigit)
    .default(false)
    .describe('true or 1: start with a byte order mark, which Excel needs to recognize UTF-8.'),
  escapeFormulas: singleValue(flag)
    .default(true)
    .describe(
      "true: put a ' before texts that start with =, +, -, @, tab or CR, so that spreadsheets do not run them as formulas.",
    ),
};

export interface CsvParameters {
  bom: boolean;
  escapeFormulas: boolean;
}

const BYTE_ORDER_MARK = '\ufeff';

/** Formats the line of column names, with the byte order mark if requested. */
export const formatCsvHeader = (names: string[], parameters: CsvParameters): string =>
  (parameters.bom ? BYTE_ORDER_MARK : '') + formatCsvRows([names], parameters);

/** First character of a formula, including the full-width forms of Asian keyboards. */
const FORMULA_PREFIX = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const SPECIAL_CHARACTER = /[",\r\n]/;

/** Formats rows without a library: CSV packages take longer than all other work on a large table. */
export const formatCsvRows = (rows: Cell[][], parameters: CsvParameters): string =>
  rows.map((row) => formatCsvRow(row, parameters)).join('');

function formatCsvRow(row: Cell[], { escapeFormulas }: CsvParameters): string {
  let line = '';
  for (let index = 0; index < row.length; index += 1) {
    if (index > 0) line += ',';
    line += formatCsvCell(row[index] as Cell, escapeFormulas);
  }
  return `${line}\r\n`;
}

function formatCsvCell(cell: Cell, escapeFormulas: boolean): string {
  if (cell === null) return '';
  // A negative number is not a formula.
  if (typeof cell !== 'string') return String(cell);
  const text = escapeFormulas && FORMULA_PREFIX.test(cell) ? `'${cell}` : cell;
  return SPECIAL_CHARACTER.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Columns of expanded rows; empty if the fact is about the actor itself. */
const viaColumns: Column[] = (
  [
    ['via_id', ({ via }) => via?.group.id],
    ['via', ({ via }) => via?.group.label],
    ['via_membership_id', ({ via }) => via?.membership.id],
    ['row_id', ({ id }) => id],
  ] satisfies [string, (row: ExpandedFact) => string | undefined][]
).map(([name, getValue]) => ({
  name,
  isList: false,
  kind: 'text',
  field: 'via',
  getCell: (row) => getValue(row as ExpandedFact) ?? null,
}));

/** Returns the columns of expanded rows, whose `id` is that of the fact. */
const expandColumns = (columns: Column[]): Column[] => [
  ...columns
    .slice(0, -1)
    .map((column) =>
      column.name === 'id'
        ? { ...column, getCell: (row: ExpandedFact) => row.via?.fact.id ?? row.id }
        : column,
    ),
  ...viaColumns,
  ...columns.slice(-1),
];

const TOOLS: Tool[] = [
  { name: 'Datawrapper, Flourish' },
  { name: 'Google Sheets', toPasteText: (url) => `=IMPORTDATA("${url}")` },
  { name: 'Excel, Power BI', toPasteText: (url) => appendQueryParameter(url, 'bom', '1') },
  { name: 'R, pandas', toPasteText: (url) => `read_csv("${url}")` },
  { name: 'Observable, D3', toPasteText: (url) => `d3.csv("${url}", d3.autoType)` },
];

/** Tool that needs one row for each country instead of one for a group. */
const MATRIX_TOOL: Tool = {
  name: 'a matrix or map with a row for each country',
  toPasteText: (url) => (/[?&]expand=/.test(url) ? url : appendQueryParameter(url, 'expand', 'members')),
};

export const csv: Format<Fact | string> = {
  extension: 'csv',
  mediaType: CSV_MEDIA_TYPE,
  appliesTo: () => true,
  parameters: () => csvParameters,
  hasFields: true,
  title: 'CSV',
  describe: (factType) =>
    `One row for each fact, with the columns ${getColumnNames(getColumns(factType)).join(', ')}. The values of a list are joined by "; ", in ` +
    'the same order in every column of the list; a "; " within a value is written "\\; ". `sources` lists the spans of evidence as `document#char=start,end`.',
  tools: ({ expandableField }) => (expandableField ? [...TOOLS, MATRIX_TOOL] : TOOLS),
  schema: () => z.string(),
  acceptsSerialized: () => true,
  async *serialize(pages, { factType, parameters, publicUrl }) {
    const ownColumns = getColumns(factType);
    const allColumns = parameters['expand'] ? expandColumns(ownColumns) : ownColumns;
    const columns = selectColumns(allColumns, parameters);
    const csvOptions = parameters as unknown as CsvParameters;
    yield formatCsvHeader(getColumnNames(columns), csvOptions);
    const formatFactRow = (fact: Fact) =>
      formatCsvRow(
        columns.map(({ getCell }) => getCell(fact, publicUrl)),
        csvOptions,
      );
    for await (const rows of pages) {
      let lines = '';
      // Parses one fact at a time: a page of parsed facts would outlive the garbage collector's young
      // generation.
      for (const row of rows) lines += formatFactRow(typeof row === 'string' ? JSON.parse(row) : row);
      yield lines;
    }
  },
};

const getColumnNames = (columns: Column[]): string[] => columns.map(({ name }) => name);
