/** Citations of a fact at a revision, and of its source documents. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { type CitedDocument, documentToCsl, factToCsl } from '../../formats/citations/csl-json.ts';
import { type CitationStyleName, citationStyles } from '../../formats/citations/index.ts';
import { getSourceDocuments } from '../../formats/quoted-text.ts';
import { singleValue } from '../../http/params.ts';
import { defineOperation } from '../../http/route-definition.ts';
import { withArticle } from '../../lib/case.ts';
import { refKey } from '../../model/fact-body.ts';
import type { FactType } from '../../model/fact-type.ts';
import { closedVocabulary } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { findLabels } from '../../store/queries/facts.ts';
import { asOfParam } from '../respond/as-of.ts';
import { respond } from '../respond/respond.ts';
import { toFacts } from '../serialize/serialize-facts.ts';
import { buildFactPathParameters, findFactOrThrow } from './fact.ts';

const TEXT_MEDIA_TYPE = 'text/plain; charset=utf-8';

const CitationStyle = closedVocabulary(
  'CitationStyle',
  Object.keys(citationStyles) as [CitationStyleName, ...CitationStyleName[]],
  'Citation style: bibtex for LaTeX, ris and csl-json for reference managers, text for people.',
);

const styleParam = singleValue(CitationStyle)
  .default('text')
  .describe(`${CitationStyle.description} Default text.`);

export function citationRoute(app: FastifyInstance, store: Store, factType: FactType): void {
  const { collection, noun, componentName, title, exampleId } = factType;
  const options = defineOperation({
    operationId: `cite${componentName}`,
    tag: title,
    summary: `Cite ${withArticle(noun)}`,
    description:
      `Citations of the ${noun} at a revision, with a permanent URL of that version, and of its source documents. ` +
      'Unknown details are left out.',
    path: () => buildFactPathParameters(factType),
    query: () => z.strictObject({ style: styleParam, asOf: asOfParam }),
    response: {
      description: 'Citations in the requested style.',
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
    const { extension, format } = citationStyles[(request.query as { style: CitationStyleName }).style];
    const context = { store, request, reply };
    return respond(
      context,
      { mediaType: TEXT_MEDIA_TYPE, hasAbsoluteUrls: true },
      async (db, { revision }) => {
        const [fact] = await toFacts(db, revision, [await findFactOrThrow(db, factType, id, revision)]);
        if (!fact) throw new Error(`${id} has no representation`);
        const sources = await loadCitedDocuments(db, revision, fact);
        reply.header('content-disposition', `inline; filename="${id}.${extension}"`);
        return format([factToCsl(fact, revision, app.publicUrl()), ...sources.map(documentToCsl)]);
      },
    );
  });
}

/** Loads the source documents of a fact as described at `revision`; of a document, the document itself. */
async function loadCitedDocuments(db: Reader, revision: number, fact: Fact): Promise<CitedDocument[]> {
  const documents = fact.evidence === undefined ? [fact] : getSourceDocuments(fact);
  const labels = await findLabels(db, revision, documents);
  return documents.map((document) => {
    const { label, body } = labels.get(refKey(document)) ?? { label: document.id, body: null };
    const {
      publisher = null,
      publishedOn = null,
      language = null,
      url = null,
    } = body ? JSON.parse(body) : {};
    return { id: document.id, title: label, publisher, publishedOn, language, url };
  });
}
