/** Citations of a fact at a revision, and of its source documents. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { type CitationStyleName, citationStyles } from '../../formats/citations/index.ts';
import { singleValue } from '../../http/params.ts';
import { defineOperation } from '../../http/route-definition.ts';
import { withArticle } from '../../lib/case.ts';
import type { FactType } from '../../model/fact-type.ts';
import { closedVocabulary } from '../../model/fields.ts';
import { buildFactPathParameters } from '../params/fact-params.ts';
import { respond } from '../respond/respond.ts';
import { citeFact } from '../service/citations.ts';
import { getFact } from '../service/facts.ts';
import type { FactService } from '../service/snapshot-reader.ts';

const TEXT_MEDIA_TYPE = 'text/plain; charset=utf-8';

const CitationStyle = closedVocabulary(
  'CitationStyle',
  Object.keys(citationStyles) as [CitationStyleName, ...CitationStyleName[]],
  'Citation style: bibtex for LaTeX, ris and csl-json for reference managers, text for people.',
);

const styleParam = singleValue(CitationStyle)
  .default('text')
  .describe(`${CitationStyle.description} Default text.`);

export function citationRoute(app: FastifyInstance, service: FactService, factType: FactType): void {
  const { collection, noun, componentName, title, exampleId } = factType;
  const options = defineOperation({
    operationId: `cite${componentName}`,
    tag: title,
    summary: `Cite ${withArticle(noun)}`,
    description: `Citations of the ${noun}, with the URL of its page at the revision, and of its source documents.`,
    path: () => buildFactPathParameters(factType),
    query: () => z.strictObject({ style: styleParam }),
    asOf: true,
    response: {
      description:
        'Citations in the requested style, with a permanent URL of this version of the fact. Unknown details are left out.',
      component: 'Citations',
      mediaType: TEXT_MEDIA_TYPE,
      schema: z.string(),
      headers: ['Content-Disposition'],
    },
    conditional: true,
    problems: ['not-found'],
    redirectsRenamed: true,
    example: `/v1/${collection}/${exampleId}/cite`,
  });
  app.get(`/v1/${collection}/:id/cite`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    const { style } = request.query as { style: CitationStyleName };
    return respond(
      { service, request, reply },
      { mediaType: TEXT_MEDIA_TYPE, hasAbsoluteUrls: true },
      async (reader) => {
        const text = await citeFact(reader, await getFact(reader, factType, id), {
          style,
          publicUrl: app.publicUrl(),
        });
        reply.header('content-disposition', `inline; filename="${id}.${citationStyles[style].extension}"`);
        return text;
      },
    );
  });
}
