/** Description of all CSVs as a Frictionless Data Package (https://datapackage.org, version 2). */
import * as z from 'zod';
import { formatCanonicalQuery } from '../../http/query-string.ts';
import { getEssence } from '../../lib/media-type.ts';
import type { FactType } from '../../model/fact-type.ts';
import { factTypes, getFactType } from '../../model/types/index.ts';
import { CSV_MEDIA_TYPE } from '../csv.ts';
import { LIST_SEPARATOR } from '../list-cells.ts';
import { type Column, getColumns } from '../table-columns.ts';
import { type ColumnDetails, getColumnDetails } from './column-details.ts';

const PROFILE = 'https://datapackage.org/profiles/2.0/datapackage.json';

const DataField = z
  .looseObject({ name: z.string(), type: z.string() })
  .meta({ id: 'DataField', description: 'Column of a CSV; its other properties are those of Frictionless.' });

const DataResource = z
  .looseObject({
    name: z.string().describe('Name of the collection.'),
    path: z.string().describe('URL of the CSV at the revision of the package.'),
    schema: z.looseObject({ fields: z.array(DataField), missingValues: z.array(z.string()) }).meta({
      id: 'DataResourceSchema',
      description: 'Columns with their types, the primary key, foreign keys and missing values.',
    }),
  })
  .meta({ id: 'DataResource', description: 'CSV of one collection (Frictionless Data Resource).' });

export const DataPackage = z
  .looseObject({
    $schema: z.literal(PROFILE).meta({ 'x-enum-varnames': ['V2_0'] }),
    name: z.string(),
    title: z.string(),
    homepage: z.string(),
    version: z.string().describe('Revision of the data; 0 for an empty store.'),
    created: z.iso.datetime().optional().describe('Time when the revision was recorded.'),
    resources: z.array(DataResource),
  })
  .meta({
    id: 'DataPackage',
    description: 'All CSVs with their types and keys (Frictionless Data Package 2).',
  });

interface PackageOptions {
  publicUrl: string;
  revision: number;
  recordedAt: string | null;
  includeRetracted: boolean;
}

export function buildDataPackage({
  publicUrl,
  revision,
  recordedAt,
  includeRetracted,
}: PackageOptions): z.output<typeof DataPackage> {
  // All files are of one revision, so that references find their facts.
  const query = formatCanonicalQuery({
    ...(revision > 0 && { asOf: [String(revision)] }),
    escapeFormulas: ['false'],
    ...(includeRetracted && { include: ['retracted'] }),
  });
  return {
    $schema: PROFILE,
    name: 'summit-facts',
    title: 'Summit Facts',
    description: 'Facts about political summits, each with the exact words that support it.',
    homepage: `${publicUrl}/`,
    version: String(revision),
    ...(recordedAt !== null && { created: recordedAt }),
    contributors: [{ title: 'Summit Facts', path: `${publicUrl}/`, roles: ['creator'] }],
    resources: factTypes.map((factType) =>
      toResource(factType, `${publicUrl}/v1/${factType.collection}.csv${query}`),
    ),
  };
}

function toResource(factType: FactType, path: string) {
  const columns = getColumns(factType);
  return {
    name: factType.collection,
    title: factType.title,
    description: factType.summary,
    path,
    type: 'table',
    scheme: new URL(path).protocol.slice(0, -1),
    format: 'csv',
    mediatype: getEssence(CSV_MEDIA_TYPE),
    encoding: 'utf-8',
    dialect: { delimiter: ',', header: true },
    schema: {
      fields: columns.map(toField),
      missingValues: [''],
      primaryKey: ['id'],
      foreignKeys: columns.flatMap((column) => toForeignKey(factType, column)),
    },
  };
}

function toField(column: Column) {
  const { name, kind, isList } = column;
  const { description, format, isRequired, allowedValues } = getColumnDetails(column);
  const type = toFieldType(kind, format);
  const constraints = {
    ...(isRequired && { required: true }),
    ...(!isList && allowedValues && { enum: allowedValues }),
  };
  return {
    name,
    ...(description && { description }),
    ...(isList
      ? { type: 'list', itemType: type, delimiter: LIST_SEPARATOR }
      : { type, ...(format === 'uri' && { format: 'uri' }) }),
    ...(kind === 'boolean' && !isList && { trueValues: ['true'], falseValues: ['false'] }),
    ...(Object.keys(constraints).length > 0 && { constraints }),
  };
}

const TEXT_TYPES = { date: 'date', 'date-time': 'datetime', uri: 'string' } as const;

function toFieldType(kind: Column['kind'], format: ColumnDetails['format']): string {
  if (kind !== 'text') return kind;
  return format ? TEXT_TYPES[format] : 'string';
}

/** Only columns with one id of one type: the format has no keys for lists, or for several tables at once. */
function toForeignKey({ type }: FactType, column: Column) {
  const { referencedType } = getColumnDetails(column);
  if (referencedType === null) return [];
  // An empty name means the table itself.
  const resource = referencedType === type ? '' : getFactType(referencedType).collection;
  return [{ fields: [column.name], reference: { resource, fields: ['id'] } }];
}
