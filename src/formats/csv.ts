/** Tables in CSV (RFC 4180), for spreadsheets, chart makers and statistics. */
import * as z from 'zod';
import { flag, flagOrDigit, single } from '../http/params.ts';
import { vocabulary } from '../model/fields.ts';
import type { Fact } from '../model/response-schemas.ts';
import { byMember, viaColumns } from './expand-members.ts';
import { type Format, type Tool, withParameter } from './format.ts';
import { type Cell, type Column, columnsOf } from './table-columns.ts';

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';

/** Which byte order marks, and which guard against formulas, a table is to have. */
export const csvParameters = {
  bom: single(flagOrDigit)
    .default(false)
    .describe('true, or 1: begin with a byte order mark, by which Excel knows UTF-8.'),
  escapeFormulas: single(flag)
    .default(true)
    .describe(
      "true: a text that begins with =, +, -, @, tab or CR gets a ' before it, so that no spreadsheet takes it for a formula.",
    ),
};

export interface CsvParameters {
  bom: boolean;
  escapeFormulas: boolean;
}

const BYTE_ORDER_MARK = '\ufeff';

/** The first line, with the names of the columns. */
export const csvHeader = (names: string[], parameters: CsvParameters): string =>
  (parameters.bom ? BYTE_ORDER_MARK : '') + csvLines([names], parameters);

/** How a formula begins, in the wide characters of Asian keyboards too. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const TO_BE_QUOTED = /[",\r\n]/;

/** Written here, as the packages that do it take longer than all else that a large table needs. */
export const csvLines = (rows: Cell[][], parameters: CsvParameters): string =>
  rows.map((row) => csvLine(row, parameters)).join('');

function csvLine(row: Cell[], { escapeFormulas }: CsvParameters): string {
  let line = '';
  for (let at = 0; at < row.length; at += 1) {
    if (at > 0) line += ',';
    line += csvCell(row[at] as Cell, escapeFormulas);
  }
  return `${line}\r\n`;
}

function csvCell(cell: Cell, escapeFormulas: boolean): string {
  if (cell === null) return '';
  // A negative number is no formula.
  if (typeof cell !== 'string') return String(cell);
  const text = escapeFormulas && FORMULA.test(cell) ? `'${cell}` : cell;
  return TO_BE_QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const Expand = vocabulary('Expand', ['members'], 'What is taken apart.');

const expand = single(Expand)
  .optional()
  .describe(
    'members: of a fact about a group of countries a row for each member, under the same id; `via_id` and `via` name the ' +
      'group, `via_membership_id` says by which membership. An alliance or a union speaks for itself, and is not taken apart.',
  );

const TOOLS: Tool[] = [
  { tool: 'Datawrapper, Flourish' },
  { tool: 'Google Sheets', paste: (url) => `=IMPORTDATA("${url}")` },
  { tool: 'Excel, Power BI', paste: (url) => withParameter(url, 'bom', '1') },
  { tool: 'R, pandas', paste: (url) => `read_csv("${url}")` },
  { tool: 'Observable, D3', paste: (url) => `d3.csv("${url}", d3.autoType)` },
];

/** Groups of countries would be one place on it. */
const MATRIX: Tool = {
  tool: 'a matrix or map with a row for each country',
  paste: (url) => withParameter(url, 'expand', 'members'),
};

export const csv: Format<Fact | string> = {
  extension: 'csv',
  mediaType: CSV_TYPE,
  fits: () => true,
  parameters: ({ expandable }) => ({ ...csvParameters, ...(expandable && { expand }) }),
  title: 'CSV',
  describe: (resource) =>
    `One row a fact, with the columns ${namesOf(columnsOf(resource)).join(', ')}. The values of a list are joined by "; ", in ` +
    'the same order in every column of the list; a "; " within a value is written "\\; ". `sources` names each span of evidence as `document#char=start,end`.',
  tools: ({ expandable }) => (expandable ? [...TOOLS, MATRIX] : TOOLS),
  schema: () => z.string(),
  written: (parameters) => !parameters['expand'],
  async rows(db, revision, facts, { resource, parameters }) {
    const { expandable } = resource;
    return expandable && parameters['expand'] ? byMember(db, revision, facts, expandable) : facts;
  },
  async *write(pages, { resource, parameters, publicUrl }) {
    const columns = [...columnsOf(resource)];
    if (parameters['expand']) columns.splice(-1, 0, ...viaColumns);
    const written = parameters as unknown as CsvParameters;
    yield csvHeader(namesOf(columns), written);
    const lineOf = (fact: Fact) =>
      csvLine(
        columns.map(({ cell }) => cell(fact, publicUrl)),
        written,
      );
    for await (const rows of pages) {
      let lines = '';
      // Parsed one by one: a whole page of facts would outlive what is collected quickly.
      for (const row of rows) lines += lineOf(typeof row === 'string' ? JSON.parse(row) : row);
      yield lines;
    }
  },
};

const namesOf = (columns: Column[]): string[] => columns.map(({ name }) => name);
