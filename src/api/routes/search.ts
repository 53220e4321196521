/** Search across all collections. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { JSON_TYPE, operation } from '../../http/route-definition.ts';
import { searchedTexts } from '../../model/index-terms.ts';
import { factHead, pageOf } from '../../model/response-schemas.ts';
import { resourceOf } from '../../model/types/index.ts';
import { snippetOf } from '../../search/snippet.ts';
import type { Store } from '../../store/open.ts';
import { areRare, findHits, type HitPlace } from '../../store/queries/search.ts';
import { mayScan } from '../../workers/slow-query.ts';
import { query, wordsAsked } from '../params/list-params.ts';
import { answerPage, cut, pageParameters } from '../respond/respond.ts';
import { linksOf } from '../serialize/serialize-facts.ts';

const Hit = z
  .object({
    ...factHead,
    snippet: z.string().describe('Where the words stand, as HTML: escaped, and each word in `<mark>`.'),
  })
  .meta({ id: 'SearchHit', description: 'A fact in which every word asked for stands.' });

const HitPage = pageOf('SearchPage', 'A page of search results.', Hit);

const Place = z.tuple([z.enum(['label', 'text']), z.string().nullable(), z.string(), z.string()]);

export function search(app: FastifyInstance, store: Store): void {
  const options = operation({
    operationId: 'searchFacts',
    tag: 'Search',
    summary: 'Search all facts',
    description:
      'Facts of every type in which all words stand; accents and case do not matter. Those with the words in the label ' +
      'come first, then the newest reported, then by type and id.',
    query: () => z.strictObject({ q: query, ...pageParameters }),
    answer: { description: 'A page of hits.', mediaType: JSON_TYPE, schema: HitPage },
    conditional: true,
    problems: [],
    example: '/v1/search?q=chemical%20weapons&limit=2',
  });
  app.get('/v1/search', options, (request, reply) => {
    const words = wordsAsked((request.query as { q: string }).q, store.synonyms);
    const exchange = { store, request, reply };
    return answerPage(exchange, { places: Place, always: true }, async (db, { revision }, after, limit) => {
      if (!(await areRare(db, words))) await mayScan(exchange, db);
      const found = await findHits(db, revision, words, after, limit + 1);
      const { rows, next } = cut(
        found,
        limit,
        (row): HitPlace => [row.place, row.reported_on, row.type, row.id],
      );
      const data = rows.map(({ type, id, label, body }) => ({
        type,
        id,
        label,
        snippet: snippetOf(
          [...searchedTexts(resourceOf(type), JSON.parse(body)), label],
          words,
          store.synonyms,
        ),
        links: linksOf({ type, id }),
      }));
      return { data, next };
    });
  });
}
