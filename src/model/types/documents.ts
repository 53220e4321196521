import * as z from 'zod';
import { defineFactType, toPeriod } from '../fact-type.ts';
import { closedVocabulary, day, nullable, text } from '../fields.ts';

const INVALID_URL_MESSAGE = 'must be an http or https URL, percent-encoded';
const httpUrlSchema = z
  .string()
  .max(2_000)
  .regex(/^https?:\/\/[\x21-\x7e]+$/, { error: INVALID_URL_MESSAGE, abort: true })
  .refine((url) => URL.canParse(url) && !/[<>"\\^`{|}]/.test(url), INVALID_URL_MESSAGE)
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
    holder: nullable(text()).describe('Holder of the rights, if known.'),
    statement: text().describe('Terms on which the text is used here.'),
    display: closedVocabulary(
      'RightsDisplay',
      ['full', 'excerpts'],
      'full: the entire text may be shown; excerpts: only the words that support facts.',
    ),
  })
  .meta({ id: 'Rights', description: 'Rights in the source text, and terms of its use.' });

/** Authored fields of a document; `sha256` and `lengthCodePoints` are computed from the text. */
export const authoredDocumentSchema = z.strictObject({
  title: text().describe('Title of the document.'),
  language: z
    .string()
    .max(35)
    .refine(isLanguageTag, 'must be a BCP 47 language tag, such as en')
    .describe('Language of the text, as a BCP 47 tag such as en.'),
  publisher: nullable(text()).meta({ description: 'Publisher, if known.', examples: ['Summit News'] }),
  publishedOn: nullable(day()).describe('Day of publication, if known.'),
  url: nullable(httpUrlSchema).describe('URL of the publication, if known.'),
  rights: Rights,
});

export const documents = defineFactType({
  type: 'document',
  collection: 'documents',
  summary: 'Source texts, each with its SHA-256',
  schema: authoredDocumentSchema.extend({
    sha256: z.string().describe('SHA-256 of the text in UTF-8, in hexadecimal.'),
    lengthCodePoints: z.int().min(0).describe('Length of the text in Unicode code points.'),
  }),
  getLabel: (document) => document.title,
  namingFields: ['title'],
  filters: { language: 'language', publisher: 'publisher', display: 'rights.display' },
  sorts: ['title', 'publishedOn'],
  facets: ['language', 'publisher', 'display'],
  getPeriod: ({ publishedOn }) => toPeriod(publishedOn, publishedOn, 'day'),
  columnNames: { 'rights.display': 'rights_display' },
  linkedData: {
    classes: 'Article',
    properties: { title: 'headline', language: 'inLanguage', publishedOn: 'datePublished', url: 'url' },
    getAdditionalProperties: ({ publisher, rights, sha256 }, { textUrl }) => ({
      // Without @type, because dossiers do not say if these are people or organizations.
      publisher: publisher && { name: publisher },
      copyrightHolder: rights.holder && { name: rights.holder },
      encoding: { '@id': textUrl, '@type': 'MediaObject', encodingFormat: 'text/plain', sha256 },
    }),
    replacedFields: ['publisher'],
  },
  exampleId: 'brussels-2022-03-24',
  hasEvidence: false,
});
