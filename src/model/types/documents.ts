import * as z from 'zod';
import { defineFactType, toPeriod } from '../fact-type.ts';
import { closedVocabulary, day, nullable, text } from '../fields.ts';

const httpUrlSchema = z
  .string()
  .max(2_000)
  .regex(/^https?:\/\/[\x21-\x7e]+$/, 'must be an http or https URL, percent-encoded')
  .refine(
    (url) => URL.canParse(url) && !/[<>"\\^`{|}]/.test(url),
    'must be an http or https URL, percent-encoded',
  )
  .meta({ format: 'uri' });

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

export const Rights = z
  .strictObject({
    holder: nullable(text()).describe('Who holds the rights, if known.'),
    statement: text().describe('On what terms the text is used here.'),
    display: closedVocabulary(
      'RightsDisplay',
      ['full', 'excerpts'],
      'Whether the whole text may be shown, or only the words that facts point at.',
    ),
  })
  .meta({ id: 'Rights', description: 'On what terms the source text is used.' });

/** The authored half: `sha256` and `lengthCodePoints` are computed from the text. */
export const authoredDocumentSchema = z.strictObject({
  title: text(),
  language: z
    .string()
    .max(35)
    .refine(isLanguageTag, 'must be a BCP 47 language tag, such as en')
    .describe('BCP 47 language tag.'),
  publisher: nullable(text()).describe('Who published it, if known.'),
  publishedOn: nullable(day()).describe('The day of publication, if known.'),
  url: nullable(httpUrlSchema).describe('Where it was published, if known.'),
  rights: Rights,
});

export const documents = defineFactType({
  type: 'document',
  collection: 'documents',
  summary: 'Source texts, each with its sha256',
  schema: authoredDocumentSchema.extend({
    sha256: z.string().describe('SHA-256 of the text in UTF-8, in hexadecimal.'),
    lengthCodePoints: z.int().min(0).describe('Length of the text in Unicode code points.'),
  }),
  getLabel: (document) => document.title,
  filters: { language: 'language', publisher: 'publisher', display: 'rights.display' },
  sorts: ['title', 'publishedOn'],
  facets: ['language', 'publisher', 'display'],
  getPeriod: ({ publishedOn }) => toPeriod(publishedOn, publishedOn, 'day'),
  columnNames: { 'rights.display': 'rights_display' },
  linkedData: {
    classes: 'Article',
    properties: { title: 'headline', language: 'inLanguage', publishedOn: 'datePublished', url: 'url' },
    getAdditionalProperties: ({ publisher, rights, sha256 }, { textUrl }) => ({
      // Whether these are people or organizations nobody has said.
      publisher: publisher && { name: publisher },
      copyrightHolder: rights.holder && { name: rights.holder },
      encoding: { '@id': textUrl, '@type': 'MediaObject', encodingFormat: 'text/plain', sha256 },
    }),
    replacedFields: ['publisher'],
  },
  exampleId: 'brussels-2022-03-24',
  hasEvidence: false,
});
