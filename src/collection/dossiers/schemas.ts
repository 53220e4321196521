/** Dossiers on the wire. */
import * as z from 'zod';
import { ChangeCause } from '../../facts/change.ts';
import { vocabulary } from '../../facts/fields.ts';
import { FactLinks, pageOf } from '../../facts/representation.ts';
import { ProblemErrorSchema } from '../../http/openapi/problem-schema.ts';

const evidence = z.array(
  z.looseObject({ quote: z.string().describe('Exactly as the source has it.') }).meta({
    id: 'AuthoredEvidence',
    description: 'Words of the source, as an editor points at them.',
  }),
);

const fact = z.string().describe('The fact that is meant, written type/id.');
const reason = z.string().describe('Why, for whoever asks later.');

/** What another dossier's fact gets, with the words for it; the form of the fields is that of its type. */
const change = {
  fact,
  fields: z.looseObject({}).meta({
    id: 'AuthoredFields',
    description: 'The fields that get another value, as a fact would give them.',
  }),
  evidence: evidence.optional(),
};

/** What `schemas/dossier.json` gives in full: here stands what every entry has. */
const sections = {
  adds: z
    .looseObject({ fact, evidence })
    .meta({ id: 'AuthoredAddition', description: 'Further words that carry a fact of another dossier.' }),
  corrects: z.looseObject({ ...change, reason }).meta({
    id: 'AuthoredCorrection',
    description: 'What the record had wrong in a fact of another dossier.',
  }),
  develops: z.looseObject(change).meta({
    id: 'AuthoredDevelopment',
    description: 'How the world moved on from a fact of another dossier.',
  }),
  retractions: z
    .object({ fact, reason })
    .meta({ id: 'AuthoredRetraction', description: 'What the dossier gave, and gives no more.' }),
  renames: z
    .object({ from: fact, to: z.string().describe('Its id from now on.') })
    .meta({ id: 'AuthoredRenaming', description: 'A fact of the dossier that got another id.' }),
  uncovered: z
    .object({ quote: z.string().describe('Exactly as the source has it.'), reason })
    .meta({ id: 'UncoveredPassage', description: 'A passage that no fact is drawn from, and why.' }),
};

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
    adds: z.array(sections.adds).optional(),
    corrects: z.array(sections.corrects).optional(),
    develops: z.array(sections.develops).optional(),
    retractions: z.array(sections.retractions).optional(),
    renames: z.array(sections.renames).optional(),
    uncovered: z.array(sections.uncovered).optional(),
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
