/** Tables in CSV (RFC 4180), for spreadsheets, chart makers and statistics. */
import { stringify } from 'csv-stringify/sync';
import * as z from 'zod';
import type { Resource } from '../facts/resource.ts';
import { single } from '../http/parameters.ts';
import { type Cell, columnsOf } from './columns.ts';
import type { Format } from './format.ts';

export const CSV_TYPE = 'text/csv; charset=utf-8; header=present';

/** Which byte order marks, and which guard against formulas, a table is to have. */
export const csvParameters = {
  bom: single(z.enum(['0', '1']))
    .default('0')
    .describe('1: begin with a byte order mark, by which Excel knows UTF-8.'),
  escapeFormulas: single(z.enum(['true', 'false']))
    .default('true')
    .describe(
      "true: a text that begins with =, +, -, @, tab or CR gets a ' before it, so that no spreadsheet takes it for a formula.",
    ),
};

export interface CsvParameters {
  bom: '0' | '1';
  escapeFormulas: 'true' | 'false';
}

const BYTE_ORDER_MARK = '\ufeff';

/** The first line, with the names of the columns. */
export const csvHeader = (names: string[], parameters: CsvParameters): string =>
  (parameters.bom === '1' ? BYTE_ORDER_MARK : '') + csvLines([names], parameters);

export function csvLines(rows: Cell[][], { escapeFormulas }: CsvParameters): string {
  return stringify(rows, {
    record_delimiter: 'windows',
    escape_formulas: escapeFormulas === 'true',
    cast: { boolean: String },
  });
}

export const csv: Format = {
  extension: 'csv',
  mediaType: CSV_TYPE,
  fits: () => true,
  parameters: () => csvParameters,
  title: 'CSV',
  describe: (resource) =>
    `One row a fact, with the columns ${namesOf(resource).join(', ')}. The values of a list are joined by "; ", in the same ` +
    'order in every column of the list. `sources` names each span of evidence as `document#char=start,end`.',
  schema: () => z.string(),
  async *write(pages, { resource, parameters, publicUrl }) {
    const columns = columnsOf(resource);
    const written = parameters as unknown as CsvParameters;
    yield csvHeader(
      columns.map(({ name }) => name),
      written,
    );
    for await (const facts of pages) {
      const rows = facts.map((fact) => columns.map(({ cell }) => cell(fact, publicUrl)));
      yield csvLines(rows, written);
    }
  },
};

const namesOf = (resource: Resource): string[] => columnsOf(resource).map(({ name }) => name);
