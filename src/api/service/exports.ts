/** Exports of facts and of their counts. */
import { type CsvParameters, formatCsvHeader, formatCsvRows } from '../../formats/csv.ts';
import type { Format } from '../../formats/format.ts';
import { getFormats } from '../../formats/index.ts';
import type { Cell } from '../../formats/table-columns.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import { findFacts, type ListQuery, type SortPosition } from '../../store/queries/list.ts';
import { LabelCache } from '../serialize/label-cache.ts';
import { serializeFacts, toFacts } from '../serialize/serialize-facts.ts';
import { defineExport } from './export-stream.ts';
import { countFacet, type FacetFilters } from './facets.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

interface FactExportInput extends Pick<ListQuery, 'type' | 'filters' | 'includeRetracted' | 'sort'> {
  /** Extension of the format. */
  extension: string;
  /** Parsed parameters of the format. */
  parameters: Record<string, unknown>;
}

/** Export of the facts of a list. */
export const exportFacts = defineExport(
  'exportFacts',
  ({ extension, parameters, ...list }: FactExportInput) => {
    const factType = getFactType(list.type);
    const format = getFormat(factType, extension);
    // All pages are read at one revision, so they share labels.
    const labelCache = new LabelCache();
    return {
      async read({ db, snapshot: { revision } }: SnapshotReader, after: SortPosition | null, limit: number) {
        const { rows, next } = await findFacts(db, { ...list, revision, after, limit });
        if (format.acceptsSerialized?.(parameters)) {
          return { rows: await serializeFacts(db, revision, rows, labelCache), next };
        }
        const facts = await toFacts(db, revision, rows, labelCache);
        const loaded = await format.loadRows?.(db, revision, facts, { factType, parameters });
        return { rows: loaded ?? facts, next };
      },
      serialize: (pages: AsyncIterable<unknown[]>, context) =>
        format.serialize(pages, { ...context, factType }),
    };
  },
);

const getFormat = (factType: FactType, extension: string): Format<unknown> =>
  getFormats(factType).find((format) => format.extension === extension) as Format<unknown>;

/** Returns a fact in a format that supports single facts. */
export function exportFact(
  factType: FactType,
  fact: Fact,
  { extension, publicUrl }: { extension: string; publicUrl: string },
): object {
  const { item } = getFormat(factType, extension);
  if (!item) throw new Error(`${extension} does not support single facts`);
  return item.toObject(fact, { factType, publicUrl });
}

/** Columns of counts. */
export const FACET_COLUMNS = ['field', 'value', 'label', 'count'];

interface FacetExportInput extends FacetFilters {
  /** Names of the filters whose values are counted. */
  by: string[];
  csvParameters: CsvParameters;
}

/** Export of the counts of all values as CSV; each page has one field. */
export const exportFacets = defineExport(
  'exportFacets',
  ({ by, csvParameters, ...filters }: FacetExportInput) => {
    const fields = [...new Set(by)];
    return {
      async read(reader: SnapshotReader, after: number | null) {
        const index = after ?? 0;
        const { field, values } = await countFacet(reader, filters, fields[index] as string, null);
        const rows = values.map(({ value, label, count }): Cell[] => [field, value, label, count]);
        return { rows, next: index + 1 < fields.length ? index + 1 : null };
      },
      async *serialize(pages: AsyncIterable<Cell[][]>) {
        yield formatCsvHeader(FACET_COLUMNS, csvParameters);
        for await (const rows of pages) yield formatCsvRows(rows, csvParameters);
      },
    };
  },
);
