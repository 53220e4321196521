/** Query parameters of searches. */
import * as z from 'zod';
import { commaSeparated, singleValue } from '../../http/params.ts';
import { invalidParameters } from '../../lib/problem-details.ts';
import type { Synonyms } from '../../search/synonyms.ts';
import type { SearchPosition } from '../service/search.ts';
import { FactTypeParam } from './fact-params.ts';
import { pageParameters } from './page-params.ts';

export const MAX_QUERY_LENGTH = 200;
const MAX_QUERY_WORDS = 20;
/** Words that find facts of most types in the first dossier. */
const EXAMPLE_WORDS = 'Russia';

const SearchWords = z
  .string()
  .min(1, 'must not be empty')
  .max(MAX_QUERY_LENGTH)
  .meta({ id: 'SearchWords', description: 'Words to search for.' });

export const searchParam = singleValue(SearchWords).meta({
  description: `Words to search for, at most ${MAX_QUERY_WORDS}. Every word must match; accents and case are ignored.`,
  example: EXAMPLE_WORDS,
});

/** Parameters of the search across all types. */
export const SearchQuery = () =>
  z.strictObject({
    q: searchParam,
    type: commaSeparated(FactTypeParam).optional().describe('Only facts of these types.'),
    ...pageParameters,
  });

export const SearchPositionSchema: z.ZodType<SearchPosition> = z.tuple([
  z.enum(['label', 'text']),
  z.string().nullable(),
  z.string(),
  z.string(),
]);

/** Returns the words of `q`; throws a 400 if there are none or too many. */
export function parseSearchWords(q: string, synonyms: Synonyms): string[] {
  const words = synonyms.tokenizeQuery(q);
  if (words.length > 0 && words.length <= MAX_QUERY_WORDS) return words;
  const detail =
    words.length === 0
      ? 'has no letters or digits to search for'
      : `has ${words.length} words; at most ${MAX_QUERY_WORDS} are allowed`;
  throw invalidParameters([{ parameter: 'q', code: 'invalid-value', detail }]);
}
