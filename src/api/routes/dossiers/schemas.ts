/** Request and response schemas of the dossier routes. */
import * as z from 'zod';
import { ChangeCause } from '../../../model/change.ts';
import { closedVocabulary } from '../../../model/fields.ts';
import { createPageSchema, FactLinks, factTypeName } from '../../../model/response-schemas.ts';
import { ProblemErrorSchema } from '../../../openapi/problem-schema.ts';

/** Imports the schema of a dossier. Nothing imports it at startup, because only the OpenAPI documents need it. */
export const loadDossierSchema = async () =>
  (await import('../../../dossier/openapi-schema.ts')).DossierSchema;

const DossierSummary = z
  .object({
    id: z.string().describe('Id of the dossier and of its document.'),
    title: z.string(),
    sha256: z.string().describe('SHA-256 of the text in UTF-8, in hexadecimal.'),
    revision: z.int().min(1).describe('Revision that imported the dossier in this form.'),
    recordedAt: z.iso.datetime().describe('Time at which the server recorded the revision, in UTC.'),
    links: z.object({ self: z.string(), yaml: z.string(), document: z.string() }).meta({
      id: 'DossierLinks',
      description: 'Path-absolute URLs of the dossier as JSON, of the authored file and of the document.',
    }),
  })
  .meta({ id: 'DossierSummary', description: 'Dossier in a list.' });

export const DossierPage = createPageSchema('DossierPage', 'A page of dossiers.', DossierSummary);

const TouchedFact = z
  .object({
    type: factTypeName().describe('Type of the fact; later versions may add types.'),
    id: z.string(),
    label: z.string(),
    cause: ChangeCause,
    links: FactLinks,
  })
  .meta({ id: 'TouchedFact', description: 'Fact that an import changes, with the cause.' });

const importChangesShape = {
  added: z.array(TouchedFact).describe('New facts.'),
  modified: z.array(TouchedFact).describe('Facts with a new version, including facts of other dossiers.'),
  retracted: z.array(TouchedFact).describe('Retracted facts.'),
  unchanged: z.int().min(0).describe("Number of the dossier's facts that do not change."),
};

export const ImportResultSchema = z
  .object({
    id: z.string().describe('Id of the dossier.'),
    action: closedVocabulary(
      'ImportAction',
      ['created', 'replaced', 'deleted', 'none'],
      'Action taken; none if the store already had the same dossier.',
    ),
    revision: z
      .int()
      .min(1)
      .describe('Revision that took the action; for none, the revision that imported the stored dossier.'),
    ...importChangesShape,
    links: z.object({ self: z.string(), revision: z.string() }).meta({ id: 'ReceiptLinks' }),
  })
  .meta({ id: 'ImportReceipt', description: 'Result of an import or a deletion.' });

export const CheckResultSchema = z
  .object({
    ...importChangesShape,
    problems: z
      .array(ProblemErrorSchema)
      .describe('Problems that prevent an import, at most 1,000; empty if the import would succeed.'),
    problemCount: z.int().min(0).describe('Total number of problems, including those not listed.'),
  })
  .meta({ id: 'ImportVerdict', description: 'Result of a dry run of an import.' });
