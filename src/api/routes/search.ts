/** Search across all collections. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { collectSearchTexts } from '../../model/index-terms.ts';
import { createPageSchema, factSummaryShape } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import { renderSnippet } from '../../search/snippet.ts';
import type { Store } from '../../store/open.ts';
import { areSelective, findHits, type HitPosition } from '../../store/queries/search.ts';
import { deferIfSlow } from '../../workers/slow-query.ts';
import { parseSearchWords, searchParam } from '../params/list-params.ts';
import { pageParameters, respondPage, takePage } from '../respond/respond.ts';
import { buildFactLinks } from '../serialize/serialize-facts.ts';

const Hit = z
  .object({
    ...factSummaryShape,
    snippet: z
      .string()
      .describe('Excerpt around the matches as escaped HTML, with each matching word in `<mark>`.'),
  })
  .meta({ id: 'SearchHit', description: 'Fact that matches every search word.' });

const HitPage = createPageSchema('SearchPage', 'A page of search results.', Hit);

const HitPositionSchema = z.tuple([z.enum(['label', 'text']), z.string().nullable(), z.string(), z.string()]);

export function searchRoute(app: FastifyInstance, store: Store): void {
  const options = defineOperation({
    operationId: 'searchFacts',
    tag: 'Search',
    summary: 'Search all facts',
    description:
      'Facts of all types that match every word; accents and case are ignored. Facts with the words in their ' +
      'label come first, then the most recently reported, then by type and id.',
    query: () => z.strictObject({ q: searchParam, ...pageParameters }),
    response: { description: 'A page of search results.', mediaType: JSON_MEDIA_TYPE, schema: HitPage },
    conditional: true,
    problems: [],
    example: '/v1/search?q=chemical%20weapons&limit=2',
  });
  app.get('/v1/search', options, (request, reply) => {
    const words = parseSearchWords((request.query as { q: string }).q, store.synonyms);
    const context = { store, request, reply };
    return respondPage(
      context,
      { positionSchema: HitPositionSchema, alwaysExists: true },
      async (db, { revision }, after, limit) => {
        if (!(await areSelective(db, words))) await deferIfSlow(context, db);
        const matches = await findHits(db, revision, words, after, limit + 1);
        const { rows, next } = takePage(
          matches,
          limit,
          (row): HitPosition => [row.place, row.reported_on, row.type, row.id],
        );
        const data = rows.map(({ type, id, label, body }) => ({
          type,
          id,
          label,
          snippet: renderSnippet(
            [...collectSearchTexts(getFactType(type), JSON.parse(body)), label],
            words,
            store.synonyms,
          ),
          links: buildFactLinks({ type, id }),
        }));
        return { data, next };
      },
    );
  });
}
