/** Routes that only documents have: source text, facts in a passage and coverage. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { MAX_DOSSIER_BYTES } from '../../http/limits.ts';
import { integerBetween, singleValue } from '../../http/params.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import { invalidParameters } from '../../lib/problem-details.ts';
import { type CodePointSpan, measureCoverage } from '../../model/coverage.ts';
import { Evidence } from '../../model/evidence.ts';
import type { FactType } from '../../model/fact-type.ts';
import { createPageSchema, type Fact, factSummaryShape } from '../../model/response-schemas.ts';
import { createSourceText } from '../../model/source-text.ts';
import { getFactType } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import type { Store } from '../../store/open.ts';
import { type FactRow, getSourceText } from '../../store/queries/facts.ts';
import { findFactsInPassage, findSpans } from '../../store/queries/passages.ts';
import { asOfParam } from '../respond/as-of.ts';
import { pageParameters, respond, respondPage, takePage } from '../respond/respond.ts';
import { assertNotRedacted, createTextGuard, isPublicText } from '../respond/text-access.ts';
import { toFacts } from '../serialize/serialize-facts.ts';
import { buildFactPathParameters, findFactOrThrow } from './fact.ts';

const documentType = getFactType('document');
const pathParameters = buildFactPathParameters(documentType);
const TEXT_MEDIA_TYPE = 'text/plain; charset=utf-8';

export function documentRoutes(app: FastifyInstance, store: Store): void {
  textRoute(app, store, documentType);
  passageRoute(app, store, documentType);
  coverageRoute(app, store, documentType);
}

function textRoute(app: FastifyInstance, store: Store, { collection, title, exampleId }: FactType): void {
  const options = defineOperation({
    operationId: 'getDocumentText',
    tag: title,
    summary: 'Get the text of a document',
    description:
      'The source text as received. The offsets of evidence count its Unicode code points. If the rights allow ' +
      'only excerpts to be shown, an API key is required.',
    path: pathParameters,
    query: () => z.strictObject({ asOf: asOfParam }),
    response: { description: 'The source text.', mediaType: TEXT_MEDIA_TYPE, schema: z.string() },
    conditional: true,
    scope: 'optional',
    problems: ['not-found', 'redacted'],
    example: `/v1/${collection}/${exampleId}/text`,
  });
  app.get(`/v1/${collection}/:id/text`, options, async (request, reply) => {
    const { id } = request.params as { id: string };
    const assertReadable = await createTextGuard(store, request);
    return respond(
      { store, request, reply },
      { mediaType: TEXT_MEDIA_TYPE, dependsOnLatestRevision: true, variesByKey: true },
      async (db, { revision }) => {
        await findDocumentOrThrow(db, id, revision);
        assertReadable(await isPublicText(db, id, revision), id);
        return getSourceText(db, revision, id);
      },
    );
  });
}

/** Returns the document at `revision`; throws a 451 if its text was ever redacted. */
async function findDocumentOrThrow(db: Reader, id: string, revision: number): Promise<FactRow> {
  const document = await findFactOrThrow(db, documentType, id, revision);
  await assertNotRedacted(db, id);
  return document;
}

const PassageFact = z
  .object({
    ...factSummaryShape,
    evidence: z.array(Evidence).describe('Evidence that overlaps the passage.'),
  })
  .meta({ id: 'PassageFact', description: 'Fact that a passage supports.' });

const PassagePage = createPageSchema('PassagePage', 'A page of facts that a passage supports.', PassageFact);

/** Start of the first overlapping span, type and id, which the list is sorted by. */
const PassagePositionSchema = z.tuple([z.string().regex(/^\d{1,9}$/), z.string(), z.string()]);

function passageRoute(app: FastifyInstance, store: Store, { collection, title, exampleId }: FactType): void {
  const offsetParam = (min: number) => singleValue(integerBetween(min, MAX_DOSSIER_BYTES)).optional();
  const options = defineOperation({
    operationId: 'listDocumentFacts',
    tag: title,
    summary: 'List facts in a passage of a document',
    description: 'Facts with evidence that overlaps the passage, in text order.',
    path: pathParameters,
    query: () =>
      z.strictObject({
        start: offsetParam(0).describe(
          'Start of the passage in Unicode code points, from 0. Default: the start of the text.',
        ),
        end: offsetParam(1).describe(
          'End of the passage in Unicode code points, exclusive. Default: the end of the text.',
        ),
        ...pageParameters,
      }),
    response: { description: 'A page of facts.', mediaType: JSON_MEDIA_TYPE, schema: PassagePage },
    conditional: true,
    problems: ['not-found', 'redacted'],
    example: `/v1/${collection}/${exampleId}/facts?start=0&end=60&limit=1`,
  });
  app.get(`/v1/${collection}/:id/facts`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return respondPage(
      { store, request, reply },
      { positionSchema: PassagePositionSchema },
      async (db, { revision }, after, limit) => {
        const { body } = await findDocumentOrThrow(db, id, revision);
        const { lengthCodePoints } = JSON.parse(body) as { lengthCodePoints: number };
        const span = parsePassage(request.query as Partial<CodePointSpan>, lengthCodePoints);
        const matches = await findFactsInPassage(db, revision, id, span, after, limit + 1);
        const { rows, next } = takePage(matches, limit, (row): [string, string, string] => [
          String(row.first),
          row.type,
          row.id,
        ]);
        const facts = await toFacts(db, revision, rows);
        return { data: facts.map((fact) => toPassageFact(fact, id, span)), next };
      },
    );
  });
}

function parsePassage({ start = 0, end }: Partial<CodePointSpan>, length: number): CodePointSpan {
  const passageEnd = end ?? length;
  const outOfRange = (parameter: string, detail: string) =>
    invalidParameters([{ parameter, code: 'out-of-range', detail }]);
  if (passageEnd > length)
    throw outOfRange('end', `must be at most ${length}, the length of the text (given: ${passageEnd})`);
  if (start >= passageEnd)
    throw outOfRange('start', `must be less than the end of the passage, ${passageEnd} (given: ${start})`);
  return { start, end: passageEnd };
}

function toPassageFact({ type, id, label, links, evidence }: Fact, document: string, passage: CodePointSpan) {
  const spans = (evidence ?? []).filter(
    (span) => span.document.id === document && span.start < passage.end && span.end > passage.start,
  );
  return { type, id, label, links, evidence: spans };
}

const Gap = z
  .object({
    start: z.int().min(0).describe('Start of the gap in Unicode code points.'),
    end: z.int().min(0).describe('End of the gap in Unicode code points, exclusive.'),
    exact: z
      .string()
      .nullable()
      .describe('Text of the gap; null if the rights allow only excerpts to be shown.'),
  })
  .meta({
    id: 'CoverageGap',
    description: 'Passage with letters or digits that no evidence touches.',
  });

const Coverage = z
  .object({
    ratio: z.number().min(0).max(1).describe("Share of the text's letters and digits that evidence touches."),
    gaps: z.array(Gap).describe('Passages that no evidence touches, in text order.'),
  })
  .meta({ id: 'Coverage', description: 'Coverage of a text by evidence.' });

function coverageRoute(app: FastifyInstance, store: Store, { collection, title, exampleId }: FactType): void {
  const options = defineOperation({
    operationId: 'getDocumentCoverage',
    tag: title,
    summary: 'Get the coverage of a document',
    description:
      'Share of the text that evidence touches, and the gaps. Only letters and digits count, not white space or ' +
      'punctuation.',
    path: pathParameters,
    query: () => z.strictObject({ asOf: asOfParam }),
    response: { description: 'The coverage.', mediaType: JSON_MEDIA_TYPE, schema: Coverage },
    conditional: true,
    problems: ['not-found', 'redacted'],
    example: `/v1/${collection}/${exampleId}/coverage`,
  });
  app.get(`/v1/${collection}/:id/coverage`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return respond({ store, request, reply }, { dependsOnLatestRevision: true }, async (db, { revision }) => {
      await findDocumentOrThrow(db, id, revision);
      const isPublic = await isPublicText(db, id, revision);
      const source = createSourceText(await getSourceText(db, revision, id));
      const spans = await findSpans(db, revision, id);
      const { ratio, gaps } = measureCoverage(source, spans);
      return { ratio, gaps: gaps.map((gap) => (isPublic ? gap : { ...gap, exact: null })) };
    });
  });
}
