/** Exports of facts and of their counts. */
import { type CsvParameters, formatCsvHeader, formatCsvRows } from '../../formats/csv.ts';
import type { Format } from '../../formats/format.ts';
import { getFormats } from '../../formats/index.ts';
import type { Cell } from '../../formats/table-columns.ts';
import type { FactType } from '../../model/fact-type.ts';
import type { Fact } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import { findFacts, type ListQuery } from '../../store/queries/list.ts';
import { LabelCache } from '../serialize/label-cache.ts';
import { serializeFacts, toFacts } from '../serialize/serialize-facts.ts';
import { type ExpandedPosition, type Expansion, findExpandedPage, loadExpansion } from './expanded-list.ts';
import { defineExport } from './export-stream.ts';
import { countFacet, type FacetFilters } from './facets.ts';
import type { ListPosition, ListSelection } from './facts.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

interface FactExportInput extends ListSelection, Pick<ListQuery, 'sort'> {
  /** Extension of the format. */
  extension: string;
  /** Parsed parameters of the format. */
  parameters: Record<string, unknown>;
}

/** Export of the facts of a list. */
export const exportFacts = defineExport(
  'exportFacts',
  ({ extension, parameters, expand = false, ...list }: FactExportInput) => {
    const factType = getFactType(list.type);
    const format = getFormat(factType, extension);
    // All pages are read at one revision, so they share labels.
    const labelCache = new LabelCache();
    const acceptsSerialized = () => format.acceptsSerialized?.(parameters) ?? false;
    const readFacts = async ({ db, snapshot: { revision } }: SnapshotReader, page: PageRequest) => {
      const after = page.after && { value: page.after[0], id: page.after[1] };
      const { rows, next } = await findFacts(db, { ...list, revision, after, limit: page.limit });
      const position = next && ([next.value, next.id] satisfies ListPosition);
      return acceptsSerialized()
        ? { rows: await serializeFacts(db, revision, rows, labelCache), next: position }
        : { rows: await toFacts(db, revision, rows, labelCache), next: position };
    };
    let expansion: Expansion | undefined;
    const readExpandedRows = async (reader: SnapshotReader, page: PageRequest) => {
      const { revision } = reader.snapshot;
      expansion ??= await loadExpansion(reader, list);
      const after = page.after as ExpandedPosition | null;
      const query = { ...list, revision, after, limit: page.limit };
      const { rows, next } = await findExpandedPage(reader, expansion, query, labelCache);
      return { rows: acceptsSerialized() ? rows.map((row) => JSON.stringify(row)) : rows, next };
    };
    return {
      async read(reader: SnapshotReader, after: PageRequest['after'], limit: number) {
        const { rows, next } = await (expand ? readExpandedRows : readFacts)(reader, { after, limit });
        if (acceptsSerialized() || !format.loadRows) return { rows, next };
        const { db, snapshot } = reader;
        const loaded = await format.loadRows(db, snapshot.revision, rows as Fact[], { factType, parameters });
        return { rows: loaded, next };
      },
      serialize: (pages: AsyncIterable<unknown[]>, context) =>
        format.serialize(pages, { ...context, factType }),
    };
  },
);

interface PageRequest {
  after: ListPosition | ExpandedPosition | null;
  limit: number;
}

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
