/** Routes that only documents have: source text, facts in a passage and coverage. */
import type { FastifyInstance } from 'fastify';
import * as z from 'zod';
import { MAX_DOSSIER_BYTES } from '../../http/limits.ts';
import { integerBetween, singleValue } from '../../http/params.ts';
import { authenticate } from '../../http/plugins/authentication.ts';
import { defineOperation, JSON_MEDIA_TYPE } from '../../http/route-definition.ts';
import type { CodePointSpan } from '../../model/coverage.ts';
import { Evidence } from '../../model/evidence.ts';
import type { FactType } from '../../model/fact-type.ts';
import { createPageSchema, type Fact, factSummaryShape } from '../../model/response-schemas.ts';
import { getFactType } from '../../model/types/index.ts';
import { buildFactPathParameters } from '../params/fact-params.ts';
import { pageParameters } from '../params/page-params.ts';
import { createExcerptsOnlyProblem } from '../respond/excerpts-only-problem.ts';
import { respond, respondPage } from '../respond/respond.ts';
import { getCoverage, getText, listPassageFacts, type PassagePosition } from '../service/documents.ts';
import { createLookup } from '../service/query.ts';
import type { FactService } from '../service/snapshot-reader.ts';

const documentType = getFactType('document');
const pathParameters = buildFactPathParameters(documentType);
const TEXT_MEDIA_TYPE = 'text/plain; charset=utf-8';

export function documentRoutes(app: FastifyInstance, service: FactService): void {
  textRoute(app, service, documentType);
  passageRoute(app, service, documentType);
  coverageRoute(app, service, documentType);
}

function textRoute(
  app: FastifyInstance,
  service: FactService,
  { collection, title, exampleId }: FactType,
): void {
  const options = defineOperation({
    operationId: 'getDocumentText',
    tag: title,
    summary: 'Get the text of a document',
    description:
      'The source text as received. The offsets of evidence count its Unicode code points. If the rights allow ' +
      'only excerpts to be shown, an API key is required.',
    path: pathParameters,
    asOf: true,
    response: { description: 'The source text.', mediaType: TEXT_MEDIA_TYPE, schema: z.string() },
    conditional: true,
    scope: 'optional',
    problems: ['not-found', 'redacted'],
    example: `/v1/${collection}/${exampleId}/text`,
  });
  app.get(`/v1/${collection}/:id/text`, options, async (request, reply) => {
    const { id } = request.params as { id: string };
    const hasKey = (await authenticate(service.store, request)) !== null;
    return respond(
      { service, request, reply },
      { mediaType: TEXT_MEDIA_TYPE, dependsOnLatestRevision: true, variesByKey: true },
      async (reader) => {
        const text = await getText(reader, id, { hasKey });
        if (text === null) throw createExcerptsOnlyProblem(request, id);
        return text;
      },
    );
  });
}

const PassageFact = z
  .object({
    ...factSummaryShape,
    evidence: z.array(Evidence).describe('Evidence that overlaps the passage.'),
  })
  .meta({ id: 'PassageFact', description: 'Fact that a passage supports.' });

const PassagePage = createPageSchema('PassagePage', 'A page of facts that a passage supports.', PassageFact);

const PassagePositionSchema: z.ZodType<PassagePosition> = z.tuple([
  z.string().regex(/^\d{1,9}$/),
  z.string(),
  z.string(),
]);

function passageRoute(
  app: FastifyInstance,
  service: FactService,
  { collection, title, exampleId }: FactType,
): void {
  const offsetParam = (min: number) => singleValue(integerBetween(min, MAX_DOSSIER_BYTES)).optional();
  const options = defineOperation({
    operationId: 'listDocumentFacts',
    tag: title,
    summary: 'List facts in a passage of a document',
    description: 'Facts with evidence that overlaps the passage, in text order.',
    path: pathParameters,
    query: () =>
      z.strictObject({
        start: offsetParam(0).meta({
          description: 'Start of the passage in Unicode code points, from 0. Default: the start of the text.',
          example: 0,
        }),
        end: offsetParam(1).meta({
          description: 'End of the passage in Unicode code points, exclusive. Default: the end of the text.',
          example: 60,
        }),
        ...pageParameters,
      }),
    asOf: true,
    response: { description: 'A page of facts.', mediaType: JSON_MEDIA_TYPE, schema: PassagePage },
    conditional: true,
    problems: ['not-found', 'redacted'],
    example: `/v1/${collection}/${exampleId}/facts?start=0&end=60&limit=1`,
  });
  app.get(`/v1/${collection}/:id/facts`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    const passage = request.query as Partial<CodePointSpan>;
    return respondPage(
      { service, request, reply },
      { positionSchema: PassagePositionSchema },
      (after, limit) =>
        createLookup(async (reader) => {
          const { data, next, span } = await listPassageFacts(reader, id, passage, { after, limit });
          return { data: data.map((fact) => toPassageFact(fact, id, span)), next };
        }),
    );
  });
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

function coverageRoute(
  app: FastifyInstance,
  service: FactService,
  { collection, title, exampleId }: FactType,
): void {
  const options = defineOperation({
    operationId: 'getDocumentCoverage',
    tag: title,
    summary: 'Get the coverage of a document',
    description:
      'Share of the text that evidence touches, and the gaps. Only letters and digits count, not white space or ' +
      'punctuation.',
    path: pathParameters,
    asOf: true,
    response: { description: 'The coverage.', mediaType: JSON_MEDIA_TYPE, schema: Coverage },
    conditional: true,
    problems: ['not-found', 'redacted'],
    example: `/v1/${collection}/${exampleId}/coverage`,
  });
  app.get(`/v1/${collection}/:id/coverage`, options, (request, reply) => {
    const { id } = request.params as { id: string };
    return respond({ service, request, reply }, { dependsOnLatestRevision: true }, (reader) =>
      getCoverage(reader, id),
    );
  });
}
