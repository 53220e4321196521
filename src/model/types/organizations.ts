import * as z from 'zod';
import { defineFactType } from '../fact-type.ts';
import { list, nullable, openVocabulary, reference, text } from '../fields.ts';

export const organizations = defineFactType({
  type: 'organization',
  collection: 'organizations',
  summary: 'Alliances, unions, offices, and groups that the texts name only together',
  schema: z.strictObject({
    name: text(),
    abbreviation: nullable(text()),
    aliases: list(text()).describe('Other names by which the organization is found.'),
    kind: openVocabulary(
      'alliance',
      'union',
      'forum',
      'government-office',
      'country-group',
      'group',
    ).describe('What sort of organization it is; group is for those the text names only together.'),
    country: nullable(reference('country')).describe('The country whose organ it is.'),
  }),
  getLabel: (organization) => organization.name,
  filters: { kind: 'kind', country: 'country' },
  sorts: ['name', 'abbreviation'],
  facets: ['kind', 'country'],
  developableFields: ['name', 'abbreviation', 'aliases', 'kind', 'country'],
  linkedData: {
    classes: 'Organization',
    getAdditionalProperties: ({ aliases, abbreviation }) => ({
      alternateName: [...aliases, ...(abbreviation ? [abbreviation] : [])],
    }),
    replacedFields: ['aliases'],
  },
  exampleId: 'nato',
});
