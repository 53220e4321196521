/** Search across all types of facts. */
import { collectSearchTexts } from '../../model/index-terms.ts';
import { getFactType } from '../../model/types/index.ts';
import { renderSnippet } from '../../search/snippet.ts';
import { areSelective, findHits, type HitPosition, type HitRow } from '../../store/queries/search.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';
import { type Page, takePage } from './page.ts';
import { defineQuery } from './query.ts';
import type { SnapshotReader } from './snapshot-reader.ts';

export interface SearchHit {
  type: string;
  id: string;
  label: string;
  /** Escaped HTML with `<mark>` around each matching word. */
  snippet: string;
  links: ReturnType<typeof buildFactLinks>;
}

/** Position of a hit in the order of the results. */
export type SearchPosition = HitPosition;

interface SearchInput {
  words: string[];
  /** Types of the facts; null for all types. */
  types: string[] | null;
  after: SearchPosition | null;
  limit: number;
}

/** Query for the facts that contain all words. */
export const searchFacts = defineQuery(
  'searchFacts',
  async (reader, { words, types, after, limit }: SearchInput) => {
    const { db, snapshot } = reader;
    return {
      cost: (await areSelective(db, words)) ? ('lookup' as const) : ('scan' as const),
      async run(): Promise<Page<SearchHit, SearchPosition>> {
        const matches = await findHits(db, snapshot.revision, words, after, limit + 1, types);
        const { rows, next } = takePage(
          matches,
          limit,
          (row): SearchPosition => [row.place, row.reported_on, row.type, row.id],
        );
        return { data: rows.map((row) => toSearchHit(reader, row, words)), next };
      },
    };
  },
);

function toSearchHit({ synonyms }: SnapshotReader, row: HitRow, words: string[]): SearchHit {
  const { type, id, label, body } = row;
  const texts = [...collectSearchTexts(getFactType(type), JSON.parse(body)), label];
  return {
    type,
    id,
    label,
    snippet: renderSnippet(texts, words, synonyms),
    links: buildFactLinks({ type, id }),
  };
}
