/** Dossiers on the wire. */
import * as z from 'zod';
import { ChangeCause } from '../../../model/change.ts';
import { closedVocabulary } from '../../../model/fields.ts';
import { Inference } from '../../../model/inference.ts';
import { createPageSchema, FactLinks } from '../../../model/response-schemas.ts';
import { Rights } from '../../../model/types/documents.ts';
import { ProblemErrorSchema } from '../../../openapi/problem-schema.ts';

// What an editor writes, as far as a client must know it to put it together; `schemas/dossier.json` has the whole form, and
// the importer holds to that.

const quotationShape = {
  quote: z.string().describe('Words of the source, to the letter.'),
  prefix: z.string().optional().describe('Words right before them, where they occur more than once.'),
  suffix: z.string().optional().describe('Words right after them, where they occur more than once.'),
};

const AuthoredEvidence = z
  .object({
    ...quotationShape,
    supports: z.array(z.string()).describe('The fields of the fact that the words carry.'),
  })
  .meta({ id: 'AuthoredEvidence', description: 'A quotation from the source, by which its place is found.' });

const UncoveredPassage = z
  .object({ ...quotationShape, reason: z.string().describe('Why.') })
  .meta({ id: 'UncoveredPassage', description: 'A passage that no fact is drawn from, and why.' });

const inferences = z.array(Inference).optional().describe('Which values were inferred, and from what.');

const AuthoredRights = z
  .object({ ...Rights.shape, holder: z.string().nullish().describe('Who holds the rights, if known.') })
  .meta({ id: 'AuthoredRights', description: 'On what terms the source text is used.' });

const AuthoredDocument = z
  .object({
    id: z.string().describe('That of the dossier too.'),
    title: z.string(),
    language: z.string().describe('BCP 47 language tag.'),
    publisher: z.string().nullish().describe('Who published it, if known.'),
    publishedOn: z.iso.date().nullish().describe('The day of publication, if known.'),
    url: z.string().nullish().describe('Where it was published, if known.'),
    rights: AuthoredRights,
    inferences,
  })
  .meta({ id: 'AuthoredDocument', description: 'A source text: what is given with it.' });

const AuthoredFact = z
  .looseObject({
    type: z.string().describe('Such as event.'),
    id: z.string().describe('Stable for ever.'),
    accordingTo: z
      .string()
      .nullish()
      .describe('The statement through which alone the document vouches for it, written type/id.'),
    evidence: z.array(AuthoredEvidence).optional().describe('The words of the source that carry the fact.'),
    inferences,
  })
  .meta({
    id: 'AuthoredFact',
    description: 'A fact; beside these it has the fields of its type, references written type/id.',
  });

const fact = z.string().describe('The fact that is meant, written type/id.');
const reason = z.string().describe('Why, for whoever asks later.');
const evidence = z
  .array(AuthoredEvidence)
  .optional()
  .describe('The words of this source that carry the values.');
const fields = z
  .record(z.string(), z.unknown())
  .describe('The fields that get another value, as the fact would give them.');

const AuthoredAddition = z
  .object({
    fact,
    evidence: z.array(AuthoredEvidence).describe('The words of this source that carry it too.'),
  })
  .meta({ id: 'AuthoredAddition', description: 'Further words that carry a fact of another dossier.' });

const AuthoredCorrection = z
  .object({ fact, fields, evidence, inferences, reason })
  .meta({ id: 'AuthoredCorrection', description: 'What the record had wrong in a fact of another dossier.' });

const AuthoredDevelopment = z
  .object({ fact, fields, evidence, inferences })
  .meta({ id: 'AuthoredDevelopment', description: 'How the world moved on from a fact of another dossier.' });

const AuthoredRetraction = z
  .object({ fact, reason })
  .meta({ id: 'AuthoredRetraction', description: 'What the dossier gave, and gives no more.' });

const AuthoredRenaming = z
  .object({
    from: z.string().describe('The fact as it was called, written type/id.'),
    to: z.string().describe('Its new id.'),
  })
  .meta({ id: 'AuthoredRenaming', description: 'A fact of the dossier that got another id.' });

/** A dossier as JSON: what is read can be sent back as it is. */
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
    text: z
      .string()
      .optional()
      .describe('The source text. It may be left out where the store has just that text already.'),
  })
  .meta({
    id: 'Dossier',
    description:
      'One source text and the facts drawn from it, as an editor writes them; `/schemas/dossier.json` has the whole form.',
  });

const DossierSummary = z
  .object({
    id: z.string().describe('The same as that of its document.'),
    title: z.string(),
    sha256: z.string().describe('SHA-256 of the text in UTF-8, in hexadecimal.'),
    revision: z.int().min(1).describe('The revision that brought it as it is.'),
    recordedAt: z.iso.datetime().describe('When that was, UTC.'),
    links: z.object({ self: z.string(), yaml: z.string(), document: z.string() }).meta({
      id: 'DossierLinks',
      description: 'As JSON, as the authored file, and the document as a fact.',
    }),
  })
  .meta({ id: 'DossierSummary', description: 'A dossier in a list.' });

export const DossierPage = createPageSchema('DossierPage', 'A page of dossiers.', DossierSummary);

const TouchedFact = z
  .object({
    type: z.string(),
    id: z.string(),
    label: z.string(),
    cause: ChangeCause,
    links: FactLinks,
  })
  .meta({ id: 'TouchedFact', description: 'A fact that an import changes, and why.' });

const importChangesShape = {
  added: z.array(TouchedFact).describe('Facts that are new.'),
  modified: z.array(TouchedFact).describe('Facts that get another version, those of other dossiers too.'),
  retracted: z.array(TouchedFact).describe('Facts that are withdrawn.'),
  unchanged: z.int().min(0).describe("How many of the dossier's facts stay as they are."),
};

export const ImportResultSchema = z
  .object({
    id: z.string().describe('The id of the dossier.'),
    action: closedVocabulary(
      'ImportAction',
      ['created', 'replaced', 'deleted', 'none'],
      'What was done; none where the store had just this already.',
    ),
    revision: z.int().min(1).describe('The revision that did it; of none, the one that brought it before.'),
    ...importChangesShape,
    links: z.object({ self: z.string(), revision: z.string() }).meta({ id: 'ReceiptLinks' }),
  })
  .meta({ id: 'ImportReceipt', description: 'What an import or a deletion did.' });

export const CheckResultSchema = z
  .object({
    ...importChangesShape,
    problems: z
      .array(ProblemErrorSchema)
      .describe(
        'Everything that stands in the way of an import, at most 1,000 entries; none if it would be taken.',
      ),
    problemCount: z.int().min(0).describe('How many there are, those that are not listed too.'),
  })
  .meta({ id: 'ImportVerdict', description: 'What an import would do.' });
