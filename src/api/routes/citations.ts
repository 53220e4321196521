/** A fact as it is cited: with its revision, and the documents behind it. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { factItem, type Source, sourceItem } from '../../formats/citations/csl-json.ts';
import { citationStyles, type StyleName } from '../../formats/citations/index.ts';
import { sourcesOf } from '../../formats/quoted-text.ts';
import { single } from '../../http/params.ts';
import { operation } from '../../http/route-definition.ts';
import { keyOf } from '../../model/fact-body.ts';
import type { Resource } from '../../model/fact-type.ts';
import { vocabulary } from '../../model/fields.ts';
import type { Fact } from '../../model/response-schemas.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { labelsOf } from '../../store/queries/facts.ts';
import { asOf } from '../respond/as-of.ts';
import { answer } from '../respond/respond.ts';
import { represent } from '../serialize/serialize-facts.ts';
import { existing, pathOf } from './fact.ts';

const PLAIN_TEXT = 'text/plain; charset=utf-8';

const CitationStyle = vocabulary(
  'CitationStyle',
  Object.keys(citationStyles) as [StyleName, ...StyleName[]],
  'bibtex: for LaTeX; ris and csl-json: for reference managers; text: for people.',
);

const style = single(CitationStyle)
  .default('text')
  .describe(CitationStyle.description ?? '');

export function cite(app: FastifyInstance, store: Store, resource: Resource): void {
  const { collection, noun, component, title, example } = resource;
  const options = operation({
    operationId: `cite${component}`,
    tag: title,
    summary: `Cite one ${noun}`,
    description:
      `The ${noun} as it was recorded, under a URL that always answers with the same, and the documents that it stands ` +
      'on. What is not known of them is left out.',
    path: () => pathOf(resource),
    query: () => z.strictObject({ style, asOf }),
    answer: {
      description: 'The citations, in the style that was asked for.',
      mediaType: PLAIN_TEXT,
      schema: z.string(),
      headers: ['Content-Disposition'],
    },
    conditional: true,
    problems: ['not-found'],
    renamed: true,
    example: `/v1/${collection}/${example}/cite`,
  });
  app.get(`/v1/${collection}/:id/cite`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    const { extension, write } = citationStyles[(request.query as { style: StyleName }).style];
    const exchange = { store, request, reply };
    return answer(exchange, { mediaType: PLAIN_TEXT, absolute: true }, async (db, { revision }) => {
      const [fact] = await represent(db, revision, [await existing(db, resource, id, revision)]);
      if (!fact) throw new Error(`${id} has no representation`);
      const sources = await sourcesBehind(db, revision, fact);
      reply.header('content-disposition', `inline; filename="${id}.${extension}"`);
      return write([factItem(fact, revision, app.publicUrl()), ...sources.map(sourceItem)]);
    });
  });
}

/** The documents that a fact stands on, as they were described at `revision`; of a document itself. */
async function sourcesBehind(db: Reader, revision: number, fact: Fact): Promise<Source[]> {
  const documents = fact.evidence === undefined ? [fact] : sourcesOf(fact);
  const found = await labelsOf(db, revision, documents);
  return documents.map((document) => {
    const { label, body } = found.get(keyOf(document)) ?? { label: document.id, body: null };
    const {
      publisher = null,
      publishedOn = null,
      language = null,
      url = null,
    } = body ? JSON.parse(body) : {};
    return { id: document.id, title: label, publisher, publishedOn, language, url };
  });
}
