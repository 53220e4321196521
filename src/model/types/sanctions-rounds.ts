import * as z from 'zod';
import { defineFactType, toPeriod } from '../fact-type.ts';
import { actor, closedVocabulary, day, nullable, reference } from '../fields.ts';

export const sanctionsRounds = defineFactType({
  type: 'sanctions-round',
  collection: 'sanctions-rounds',
  summary: 'Rounds of sanctions, one fact per round',
  schema: z.strictObject({
    ordinal: nullable(z.int().min(1)).describe('Number of the round as the source counts, from 1.'),
    imposedBy: actor().describe('Actor who imposes the sanctions.'),
    target: reference('country', 'organization').describe('Country or organization that is sanctioned.'),
    status: closedVocabulary(
      'SanctionsRoundStatus',
      ['proposed', 'under-discussion', 'announced', 'adopted', 'lifted'],
      'Stage of the round.',
    ),
    announcedOn: nullable(day()).describe('Day of the announcement.'),
    adoptedOn: nullable(day()).describe('Day of the adoption.'),
  }),
  getLabel: ({ ordinal, imposedBy, target }, resolveLabel) =>
    `${ordinal === null ? 'Sanctions' : `Round ${ordinal} of sanctions`} by ${resolveLabel(imposedBy)} on ${resolveLabel(target)}`,
  namingFields: ['ordinal', 'status'],
  filters: { ordinal: 'ordinal', imposedBy: 'imposedBy', target: 'target', status: 'status' },
  sorts: ['ordinal', 'announcedOn', 'adoptedOn'],
  facets: ['ordinal', 'imposedBy', 'target', 'status'],
  getPeriod: ({ adoptedOn, announcedOn }) => toPeriod(adoptedOn ?? announcedOn, null, 'day'),
  developableFields: ['status', 'announcedOn', 'adoptedOn'],
  linkedData: {
    classes: 'Action',
    properties: { imposedBy: 'agent', target: 'object' },
  },
  exampleId: 'eu-on-russia-5',
});
