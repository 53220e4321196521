/** Search across all collections. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { createPageSchema, factSummaryShape } from '../../model/response-schemas.ts';
import { parseSearchWords, SearchPositionSchema, SearchQuery } from '../params/search-params.ts';
import { respondPage } from '../respond/respond.ts';
import { searchFacts } from '../service/search.ts';
import type { FactService } from '../service/snapshot-reader.ts';

const Hit = z
  .object({
    ...factSummaryShape,
    snippet: z
      .string()
      .describe('Excerpt around the matches as escaped HTML, with each matching word in `<mark>`.'),
  })
  .meta({ id: 'SearchHit', description: 'Fact that matches every search word.' });

const HitPage = createPageSchema('SearchPage', 'A page of search results.', Hit);

export function searchRoute(app: FastifyInstance, service: FactService): void {
  const options = defineOperation({
    operationId: 'searchFacts',
    tag: 'Search',
    summary: 'Search all facts',
    description:
      'Facts that match every word, of all types or those in `type`; accents and case are ignored. Facts with the words in their ' +
      'label come first, then the most recently reported, then by type and id.',
    query: SearchQuery,
    asOf: true,
    response: { description: 'A page of search results.', mediaType: JSON_MEDIA_TYPE, schema: HitPage },
    conditional: true,
    problems: [],
    example: '/v1/search?q=chemical%20weapons&limit=2',
  });
  app.get('/v1/search', options, (request, reply) => {
    const { q, type: types = null } = request.query as { q: string; type?: string[] };
    const words = parseSearchWords(q, service.store.synonyms);
    return respondPage(
      { service, request, reply },
      { positionSchema: SearchPositionSchema, alwaysExists: true },
      (after, limit) => searchFacts({ words, types, after, limit }),
    );
  });
}
