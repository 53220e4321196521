/** Description of one CSV in the vocabulary of the W3C, CSV on the Web: columns, types, lists and the separator. */
import * as z from 'zod';
import type { FactType } from '../../model/fact-type.ts';
import { type CsvParameters, getDelimiter } from '../csv.ts';
import { LIST_SEPARATOR } from '../list-cells.ts';
import type { Column } from '../table-columns.ts';
import { type ColumnDetails, getColumnDetails } from './column-details.ts';

const CsvColumn = z.looseObject({ name: z.string(), titles: z.string() }).meta({
  id: 'CsvColumn',
  description: 'Column of a CSV; its other properties are those of CSV on the Web.',
});

export const CsvMetadata = z
  .looseObject({
    url: z.string().describe('URL of the CSV, relative to this document.'),
    'dc:title': z.string(),
    dialect: z
      .looseObject({ delimiter: z.string(), header: z.boolean(), encoding: z.string() })
      .meta({ id: 'CsvDialect', description: 'Separator and encoding of the CSV.' }),
    tableSchema: z
      .looseObject({ columns: z.array(CsvColumn), aboutUrl: z.string() })
      .meta({ id: 'CsvTableSchema', description: 'Columns with their types, and the primary key.' }),
  })
  .meta({
    id: 'CsvMetadata',
    description: 'Description of a CSV (W3C Metadata Vocabulary for Tabular Data).',
  });

interface TableOptions {
  columns: Column[];
  /** URL of the CSV, relative to its description. */
  url: string;
  parameters: CsvParameters & { expand?: unknown };
}

export function buildCsvMetadata(
  { title, summary, collection }: FactType,
  { columns, url, parameters }: TableOptions,
): z.output<typeof CsvMetadata> {
  const { sep, expand } = parameters;
  return {
    '@context': ['http://www.w3.org/ns/csvw', { '@language': 'en' }],
    url,
    'dc:title': title,
    'dc:description': summary,
    dialect: { delimiter: getDelimiter(sep), header: true, encoding: 'utf-8' },
    tableSchema: {
      columns: columns.map(toCsvwColumn),
      // A fact about a group has a row for each of its members, all with the id of the fact.
      primaryKey: expand ? 'row_id' : 'id',
      aboutUrl: `${collection}/{id}`,
    },
  };
}

function toCsvwColumn(column: Column) {
  const { description, format, isRequired } = getColumnDetails(column);
  return {
    name: column.name,
    titles: column.name,
    ...(description && { 'dc:description': description }),
    datatype: toDatatype(column.kind, format),
    ...(isRequired && { required: true }),
    ...(column.isList && { separator: LIST_SEPARATOR }),
  };
}

const TEXT_DATATYPES = { date: 'date', 'date-time': 'dateTime', uri: 'anyURI' } as const;

function toDatatype(kind: Column['kind'], format: ColumnDetails['format']) {
  if (kind === 'boolean') return { base: 'boolean', format: 'true|false' };
  if (kind !== 'text') return kind;
  return format ? TEXT_DATATYPES[format] : 'string';
}
