/** Dossiers on the wire. */
import * as z from 'zod';
import { ChangeCause } from '../../facts/change.ts';
import { vocabulary } from '../../facts/fields.ts';
import { FactLinks, pageOf } from '../../facts/representation.ts';
import { ProblemErrorSchema } from '../../http/openapi/problem-schema.ts';

/** Sections whose form `schemas/dossier.json` gives in full: a client that only carries them need not know all of it. */
const entries = (id: string, what: string, shape: z.ZodRawShape) =>
  z.array(z.looseObject(shape).meta({ id, description: what })).optional();

const fact = z.string().describe('The fact that is meant, written type/id.');
const reason = z.string().describe('Why, for whoever asks later.');
const fields = z
  .record(z.string(), z.unknown())
  .describe('The fields that get another value, as the fact would give them.');
const evidence = z.array(
  z
    .looseObject({
      quote: z.string().describe('The words exactly as the source has them.'),
      supports: z.array(z.string()).describe('The fields of the fact that the words carry.'),
    })
    .meta({ id: 'AuthoredEvidence', description: 'A quotation, and what it carries.' }),
);

/** A dossier as JSON: what is read can be sent back as it is. */
export const DossierSchema = z
  .object({
    document: z
      .looseObject({ id: z.string(), title: z.string() })
      .meta({ id: 'AuthoredDocument', description: 'The document section of a dossier.' }),
    facts: z.array(
      z.looseObject({ type: z.string(), id: z.string() }).meta({
        id: 'AuthoredFact',
        description: 'A fact as an editor writes it, with `quote` in its evidence.',
      }),
    ),
    adds: entries('AuthoredAddition', 'Further words that carry a fact of another dossier.', {
      fact,
      evidence,
    }),
    corrects: entries('AuthoredCorrection', 'What the record had wrong in a fact of another dossier.', {
      fact,
      fields,
      evidence: evidence.optional(),
      reason,
    }),
    develops: entries('AuthoredDevelopment', 'How the world moved on from a fact of another dossier.', {
      fact,
      fields,
      evidence: evidence.optional(),
    }),
    retractions: entries('AuthoredRetraction', 'What the dossier gave, and gives no more.', { fact, reason }),
    renames: entries('AuthoredRenaming', 'A fact of the dossier that got another id.', {
      from: z.string().describe('The fact as it was called, written type/id.'),
      to: z.string().describe('Its new id.'),
    }),
    uncovered: entries('UncoveredPassage', 'A passage that no fact is drawn from, and why.', {
      quote: z.string(),
      reason,
    }),
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

export const DossierPage = pageOf('DossierPage', 'A page of dossiers.', DossierSummary);

const TouchedFact = z
  .object({
    type: z.string(),
    id: z.string(),
    label: z.string(),
    cause: ChangeCause,
    links: FactLinks,
  })
  .meta({ id: 'TouchedFact', description: 'A fact that an import changes, and why.' });

const touches = {
  added: z.array(TouchedFact).describe('Facts that are new.'),
  modified: z.array(TouchedFact).describe('Facts that get another version, those of other dossiers too.'),
  retracted: z.array(TouchedFact).describe('Facts that are withdrawn.'),
  unchanged: z.int().min(0).describe("How many of the dossier's facts stay as they are."),
};

export const ReceiptSchema = z
  .object({
    id: z.string().describe('The id of the dossier.'),
    action: vocabulary(
      'ImportAction',
      ['created', 'replaced', 'deleted', 'none'],
      'What was done; none where the store had just this already.',
    ),
    revision: z.int().min(1).describe('The revision that did it; of none, the one that brought it before.'),
    ...touches,
    links: z.object({ self: z.string(), revision: z.string() }).meta({ id: 'ReceiptLinks' }),
  })
  .meta({ id: 'ImportReceipt', description: 'What an import or a deletion did.' });

export const VerdictSchema = z
  .object({
    ...touches,
    problems: z
      .array(ProblemErrorSchema)
      .describe(
        'Everything that stands in the way of an import, at most 1,000 entries; none if it would be taken.',
      ),
    problemCount: z.int().min(0).describe('How many there are, those that are not listed too.'),
  })
  .meta({ id: 'ImportVerdict', description: 'What an import would do.' });
