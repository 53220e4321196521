/** Request and response schemas of the dossier routes. */
import * as z from 'zod';
import { ChangeCause } from '../../../model/change.ts';
import { closedVocabulary } from '../../../model/fields.ts';
import { Inference } from '../../../model/inference.ts';
import { createPageSchema, FactLinks } from '../../../model/response-schemas.ts';
import { Rights } from '../../../model/types/documents.ts';
import { ProblemErrorSchema } from '../../../openapi/problem-schema.ts';

// The schemas of authored parts cover what a client needs to build a dossier. `schemas/dossier.json` is the
// complete schema, and the importer validates against that.

const quotationShape = {
  quote: z.string().describe('Exact words of the source text.'),
  prefix: z.string().optional().describe('Words directly before the quote, if it occurs more than once.'),
  suffix: z.string().optional().describe('Words directly after the quote, if it occurs more than once.'),
};

const AuthoredEvidence = z
  .object({
    ...quotationShape,
    supports: z.array(z.string()).describe('Fields of the fact that the quote supports.'),
  })
  .meta({
    id: 'AuthoredEvidence',
    description: 'Quotation from the source text and the fields that it supports.',
  });

const UncoveredPassage = z
  .object({ ...quotationShape, reason: z.string().describe('Reason why no fact is drawn from it.') })
  .meta({ id: 'UncoveredPassage', description: 'Passage that no fact is drawn from, with the reason.' });

const inferences = z.array(Inference).optional().describe('Explanations of inferred values.');

const AuthoredRights = z
  .object({ ...Rights.shape, holder: z.string().nullish().describe('Holder of the rights, if known.') })
  .meta({ id: 'AuthoredRights', description: 'Terms under which the source text is used.' });

const AuthoredDocument = z
  .object({
    id: z.string().describe('Id of the document and of its dossier.'),
    title: z.string(),
    language: z.string().describe('BCP 47 language tag.'),
    publisher: z.string().nullish().describe('Publisher, if known.'),
    publishedOn: z.iso.date().nullish().describe('Day of publication, if known.'),
    url: z.string().nullish().describe('URL of the publication, if known.'),
    rights: AuthoredRights,
    inferences,
  })
  .meta({ id: 'AuthoredDocument', description: 'Metadata of a source text.' });

const AuthoredFact = z
  .looseObject({
    type: z.string().describe('Type of the fact, such as event.'),
    id: z.string().describe('Stable id of the fact.'),
    accordingTo: z
      .string()
      .nullish()
      .describe(
        'Statement through which the document vouches for the fact, written type/id; null for its own voice.',
      ),
    evidence: z.array(AuthoredEvidence).optional().describe('Quotations that support the fact.'),
    inferences,
  })
  .meta({
    id: 'AuthoredFact',
    description: 'Fact with these fields and those of its type; references are written type/id.',
  });

const fact = z.string().describe('Reference to the fact, written type/id.');
const reason = z.string().describe('Reason, recorded in the history.');
const evidence = z
  .array(AuthoredEvidence)
  .optional()
  .describe('Quotations from this source text that support the new values.');
const fields = z
  .record(z.string(), z.unknown())
  .describe('New values of the changed fields, written as in a fact.');

const AuthoredAddition = z
  .object({
    fact,
    evidence: z
      .array(AuthoredEvidence)
      .describe('Quotations from this source text that also support the fact.'),
  })
  .meta({ id: 'AuthoredAddition', description: 'Additional evidence for a fact of another dossier.' });

const AuthoredCorrection = z.object({ fact, fields, evidence, inferences, reason }).meta({
  id: 'AuthoredCorrection',
  description: 'Correction of a fact of another dossier that was recorded wrongly.',
});

const AuthoredDevelopment = z.object({ fact, fields, evidence, inferences }).meta({
  id: 'AuthoredDevelopment',
  description: 'Development of a fact of another dossier, because the world has changed.',
});

const AuthoredRetraction = z.object({ fact, reason }).meta({
  id: 'AuthoredRetraction',
  description: 'Retraction of a fact, or of what the dossier said about a fact of another dossier.',
});

const AuthoredRenaming = z
  .object({
    from: z.string().describe('Fact with its old id, written type/id.'),
    to: z.string().describe('New id of the fact.'),
  })
  .meta({ id: 'AuthoredRenaming', description: 'New id for a fact of the dossier.' });

/** Dossier as JSON; a client may send back what it has read unchanged. */
export const DossierSchema = z
  .object({
    document: AuthoredDocument,
    facts: z.array(AuthoredFact),
    adds: z.array(AuthoredAddition).optional(),
    corrects: z.array(AuthoredCorrection).optional(),
    develops: z.array(AuthoredDevelopment).optional(),
    retractions: z.array(AuthoredRetraction).optional(),
    renames: z.array(AuthoredRenaming).optional(),
    uncovered: z.array(UncoveredPassage).optional(),
    text: z.string().optional().describe('Source text. May be left out if the store already has the text.'),
  })
  .meta({
    id: 'Dossier',
    description:
      'One source text and the facts drawn from it, as an editor writes them; `/schemas/dossier.json` is the ' +
      'complete schema.',
  });

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
    type: z.string(),
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
