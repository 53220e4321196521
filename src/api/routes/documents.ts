/** What documents have beside other facts: their text, which facts lie in a passage, and what no fact covers. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { MAX_DOSSIER_BYTES } from '../../http/limits.ts';
import { single, wholeNumber } from '../../http/params.ts';
import { JSON_TYPE, operation } from '../../http/route-definition.ts';
import { invalidParameters } from '../../lib/problem-details.ts';
import { coverageOf, type Span } from '../../model/coverage.ts';
import { Evidence } from '../../model/evidence.ts';
import type { Resource } from '../../model/fact-type.ts';
import { type Fact, factHead, pageOf } from '../../model/response-schemas.ts';
import { sourceText } from '../../model/source-text.ts';
import { resourceOf } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { type FactRow, sourceAt } from '../../store/queries/facts.ts';
import { factsInPassage, spansOf } from '../../store/queries/passages.ts';
import { asOf } from '../respond/as-of.ts';
import { answer, answerPage, cut, pageParameters } from '../respond/respond.ts';
import { isShownToAll, readerOf, refuseRedacted } from '../respond/text-access.ts';
import { represent } from '../serialize/serialize-facts.ts';
import { existing, pathOf } from './fact.ts';

const documents = resourceOf('document');
const path = pathOf(documents);
const TEXT_TYPE = 'text/plain; charset=utf-8';

export function documentRoutes(app: FastifyInstance, store: Store): void {
  text(app, store, documents);
  passage(app, store, documents);
  coverage(app, store, documents);
}

function text(app: FastifyInstance, store: Store, { collection, title, example }: Resource): void {
  const options = operation({
    operationId: 'getDocumentText',
    tag: title,
    summary: 'Get the text of a document',
    description:
      'The source text as it was received. The offsets of evidence count its Unicode code points. Where the rights let only ' +
      'excerpts be shown, a key is needed.',
    path,
    query: () => z.strictObject({ asOf }),
    answer: { description: 'The text.', mediaType: TEXT_TYPE, schema: z.string() },
    conditional: true,
    scope: 'optional',
    problems: ['not-found', 'redacted'],
    example: `/v1/${collection}/${example}/text`,
  });
  app.get(`/v1/${collection}/:id/text`, options, async (request, reply) => {
    const { id } = request.params as { id: string };
    const mayRead = await readerOf(store, request);
    return answer(
      { store, request, reply },
      { mediaType: TEXT_TYPE, boundToNewest: true, byKey: true },
      async (db, { revision }) => {
        await documentWithText(db, id, revision);
        mayRead(await isShownToAll(db, id, revision), id);
        return sourceAt(db, revision, id);
      },
    );
  });
}

/** The document at `revision`, unless its text was redacted since or before: then nothing is said about the text. */
async function documentWithText(db: Reader, id: string, revision: number): Promise<FactRow> {
  const document = await existing(db, documents, id, revision);
  await refuseRedacted(db, id);
  return document;
}

const PassageFact = z
  .object({
    ...factHead,
    evidence: z.array(Evidence).describe('Those of its words that overlap the passage.'),
  })
  .meta({ id: 'PassageFact', description: 'A fact that some words of a passage carry.' });

const PassagePage = pageOf('PassagePage', 'A page of the facts in a passage.', PassageFact);

/** Ordered by where the first overlapping span begins, then by type and id. */
const PassagePlace = z.tuple([z.string().regex(/^\d{1,9}$/), z.string(), z.string()]);

function passage(app: FastifyInstance, store: Store, { collection, title, example }: Resource): void {
  const offset = (least: number) => single(wholeNumber(least, MAX_DOSSIER_BYTES)).optional();
  const options = operation({
    operationId: 'listDocumentFacts',
    tag: title,
    summary: 'List the facts in a passage of a document',
    description: 'The facts with evidence that overlaps the passage, in the order of the text.',
    path,
    query: () =>
      z.strictObject({
        start: offset(0).describe(
          'Where the passage begins, in Unicode code points; the start of the text if left out.',
        ),
        end: offset(1).describe('Where it ends, exclusive; the end of the text if left out.'),
        ...pageParameters,
      }),
    answer: { description: 'A page of facts.', mediaType: JSON_TYPE, schema: PassagePage },
    conditional: true,
    problems: ['not-found', 'redacted'],
    example: `/v1/${collection}/${example}/facts?start=0&end=60&limit=1`,
  });
  app.get(`/v1/${collection}/:id/facts`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return answerPage(
      { store, request, reply },
      { places: PassagePlace },
      async (db, { revision }, after, limit) => {
        const { body } = await documentWithText(db, id, revision);
        const { lengthCodePoints } = JSON.parse(body) as { lengthCodePoints: number };
        const span = passageAsked(request.query as Partial<Span>, lengthCodePoints);
        const found = await factsInPassage(db, revision, id, span, after, limit + 1);
        const { rows, next } = cut(found, limit, (row): [string, string, string] => [
          String(row.first),
          row.type,
          row.id,
        ]);
        const facts = await represent(db, revision, rows);
        return { data: facts.map((fact) => inPassage(fact, id, span)), next };
      },
    );
  });
}

function passageAsked({ start = 0, end }: Partial<Span>, length: number): Span {
  const to = end ?? length;
  const outOfRange = (parameter: string, detail: string) =>
    invalidParameters([{ parameter, code: 'out-of-range', detail }]);
  if (to > length)
    throw outOfRange('end', `must be at most ${length}, the length of the text (given: ${to})`);
  if (start >= to)
    throw outOfRange('start', `must be less than the end of the passage, ${to} (given: ${start})`);
  return { start, end: to };
}

function inPassage({ type, id, label, links, evidence }: Fact, document: string, passage: Span) {
  const spans = (evidence ?? []).filter(
    (span) => span.document.id === document && span.start < passage.end && span.end > passage.start,
  );
  return { type, id, label, links, evidence: spans };
}

const Gap = z
  .object({
    start: z.int().min(0).describe('Where the gap begins, in Unicode code points.'),
    end: z.int().min(0).describe('Where it ends, exclusive.'),
    exact: z.string().nullable().describe('The words; null where the rights let only evidence be shown.'),
  })
  .meta({
    id: 'CoverageGap',
    description: 'A stretch of text, with letters or digits in it, that carries no fact.',
  });

const Coverage = z
  .object({
    ratio: z
      .number()
      .min(0)
      .max(1)
      .describe("The share of the text's letters and digits that carry some fact."),
    gaps: z.array(Gap).describe('What carries none, in the order of the text.'),
  })
  .meta({ id: 'Coverage', description: 'How much of a text is carried into facts.' });

function coverage(app: FastifyInstance, store: Store, { collection, title, example }: Resource): void {
  const options = operation({
    operationId: 'getDocumentCoverage',
    tag: title,
    summary: 'Get how much of a document is carried into facts',
    description: 'Counted over letters and digits: white space and punctuation carry nothing by themselves.',
    path,
    query: () => z.strictObject({ asOf }),
    answer: { description: 'The coverage.', mediaType: JSON_TYPE, schema: Coverage },
    conditional: true,
    problems: ['not-found', 'redacted'],
    example: `/v1/${collection}/${example}/coverage`,
  });
  app.get(`/v1/${collection}/:id/coverage`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return answer({ store, request, reply }, { boundToNewest: true }, async (db, { revision }) => {
      await documentWithText(db, id, revision);
      const shown = await isShownToAll(db, id, revision);
      const source = sourceText(await sourceAt(db, revision, id));
      const bodies = await spansOf(db, revision, id);
      const { ratio, gaps } = coverageOf(source, bodies);
      return { ratio, gaps: gaps.map((gap) => (shown ? gap : { ...gap, exact: null })) };
    });
  });
}
