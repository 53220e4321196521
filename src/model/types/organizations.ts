import * as z from 'zod';
import { isPluralName } from '../../lib/nouns.ts';
import { defineFactType } from '../fact-type.ts';
import { list, nullable, openVocabulary, reference, text } from '../fields.ts';

export const organizations = defineFactType({
  type: 'organization',
  collection: 'organizations',
  summary: 'Alliances, unions, offices, and groups that the texts name only collectively',
  schema: z.strictObject({
    name: text().describe('Name as the text gives it.'),
    abbreviation: nullable(text()).describe('Abbreviation of the name.'),
    aliases: list(text()).describe('Other names by which readers may search.'),
    kind: openVocabulary(
      'alliance',
      'union',
      'forum',
      'government-office',
      'country-group',
      'group',
    ).describe('Kind of organization; group is for those that the text names only collectively.'),
    country: nullable(reference('country')).describe('Country whose office it is.'),
  }),
  getLabel: (organization) => organization.name,
  isPlural: ({ kind, name }) => kind.split('-').includes('group') && isPluralName(name),
  namingFields: ['name'],
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
