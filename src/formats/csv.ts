/** Tables in CSV (RFC 4180), for spreadsheets, chart tools and statistics software. */
import * as z from 'zod';
import { flag, flagOrDigit, singleValue } from '../http/params.ts';
import { type ExpandedFact, getFactId } from '../model/expansion.ts';
import type { FactType } from '../model/fact-type.ts';
import type { Fact } from '../model/response-schemas.ts';
import { appendQueryParameter, type Format, type Tool } from './format.ts';
import { LIST_RULE } from './list-cells.ts';
import { type Cell, type Column, getColumns, selectColumns } from './table-columns.ts';

export const CSV_MEDIA_TYPE = 'text/csv; charset=utf-8; header=present';

const CsvSeparator = z.enum([',', ';', 'tab']);

/** Described as a text: some client generators cannot make names of punctuation. */
const SeparatorText = z.string().meta({
  id: 'CsvSeparator',
  description: 'Character between the cells of a row.',
  pattern: '^(,|;|tab)$',
  examples: [';'],
}) as z.ZodType as typeof CsvSeparator;

/** Media type of the description of a CSV, by CSV on the Web. */
export const CSVW_MEDIA_TYPE = 'application/csvm+json; charset=utf-8';

/** Query parameters of all CSV tables. */
export const csvParameters = {
  bom: singleValue(flagOrDigit)
    .default(false)
    .describe('true or 1: start with a byte order mark, which Excel needs to recognize UTF-8.'),
  sep: singleValue(z.string().transform(toSeparatorName).pipe(CsvSeparator).pipe(SeparatorText))
    .default(',')
    .describe(
      'Character between the cells of a row: a comma, ; for Excel where the decimal separator is a comma, or tab. Numbers ' +
        'have a decimal point in any case. Default comma.',
    ),
  escapeFormulas: singleValue(flag)
    .default(true)
    .describe(
      "true: put a ' before texts that start with =, +, -, @, tab or a line break, also after spaces or in full-width form, " +
        'so that spreadsheets do not run them as formulas.',
    ),
};

/** A tab may also be sent as the character itself. */
function toSeparatorName(value: string): string {
  return value === '\t' ? 'tab' : value;
}

export type CsvParameters = z.output<z.ZodObject<typeof csvParameters>>;

/** Returns the character that a separator stands for. */
export const getDelimiter = (sep: CsvParameters['sep']): string => (sep === 'tab' ? '\t' : sep);

const BYTE_ORDER_MARK = '\ufeff';

/** Formats the line of column names, with the byte order mark if requested. */
export const formatCsvHeader = (names: string[], parameters: CsvParameters): string =>
  (parameters.bom ? BYTE_ORDER_MARK : '') + formatCsvRows([names], parameters);

/**
 * Start of a formula, including the full-width and small forms of Asian keyboards. Spreadsheets skip spaces, line breaks and
 * invisible characters before it.
 */
const FORMULA_PREFIX = /^(?:[\t\r\n]|[\s\p{C}]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b])/u;

/**
 * Characters that a cell needs quotation marks for, by separator. Some readers split unquoted text at all characters
 * that Unicode takes for line breaks.
 */
const SPECIAL_CHARACTERS = {
  ',': createSpecialCharacterPattern(','),
  ';': createSpecialCharacterPattern(';'),
  tab: createSpecialCharacterPattern('tab'),
};

function createSpecialCharacterPattern(sep: CsvParameters['sep']): RegExp {
  return new RegExp(`["${getDelimiter(sep)}\\r\\n\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029]`);
}

/** Formats rows without a library: CSV packages take longer than all other work on a large table. */
export const formatCsvRows = (rows: Cell[][], parameters: CsvParameters): string =>
  rows.map((row) => formatCsvRow(row, parameters)).join('');

function formatCsvRow(row: Cell[], { escapeFormulas, sep }: CsvParameters): string {
  const delimiter = getDelimiter(sep);
  const specialCharacter = SPECIAL_CHARACTERS[sep];
  let line = '';
  for (let index = 0; index < row.length; index += 1) {
    if (index > 0) line += delimiter;
    line += formatCsvCell(row[index] as Cell, escapeFormulas, specialCharacter);
  }
  return `${line}\r\n`;
}

function formatCsvCell(cell: Cell, escapeFormulas: boolean, specialCharacter: RegExp): string {
  if (cell === null) return '';
  // A negative number is not a formula.
  if (typeof cell !== 'string') return String(cell);
  const text = escapeFormulas && FORMULA_PREFIX.test(cell) ? `'${cell}` : cell;
  return specialCharacter.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
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
    .map((column) => (column.name === 'id' ? { ...column, getCell: getFactId } : column)),
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

/** Returns the columns of a CSV with these parameters. */
export function getCsvColumns(factType: FactType, parameters: Record<string, unknown>): Column[] {
  const columns = getColumns(factType);
  return selectColumns(parameters['expand'] ? expandColumns(columns) : columns, parameters);
}

export const csv: Format<Fact | string> = {
  extension: 'csv',
  mediaType: CSV_MEDIA_TYPE,
  appliesTo: () => true,
  parameters: () => csvParameters,
  hasFields: true,
  title: 'CSV',
  columnDescription: { extension: 'csv-metadata.json', mediaType: CSVW_MEDIA_TYPE },
  description: `One row for each fact. ${LIST_RULE} \`sources\` lists the spans of evidence as \`document#char=start,end\`.`,
  tools: ({ expandableField }) => (expandableField ? [...TOOLS, MATRIX_TOOL] : TOOLS),
  schema: () => z.string(),
  acceptsSerialized: () => true,
  async *serialize(pages, { factType, parameters, publicUrl }) {
    const columns = getCsvColumns(factType, parameters);
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
