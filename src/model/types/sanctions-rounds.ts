import * as z from 'zod';
import { defineFactType, toPeriod } from '../fact-type.ts';
import { actor, closedVocabulary, day, nullable, reference } from '../fields.ts';

export const sanctionsRounds = defineFactType({
  type: 'sanctions-round',
  collection: 'sanctions-rounds',
  summary: 'Rounds of sanctions, one fact a round',
  schema: z.strictObject({
    ordinal: nullable(z.int().min(1)).describe('Which round it is, as the source counts them.'),
    imposedBy: actor().describe('Who imposes the sanctions.'),
    target: reference('country', 'organization').describe('Whom they are aimed at.'),
    status: closedVocabulary(
      'SanctionsRoundStatus',
      ['proposed', 'under-discussion', 'announced', 'adopted', 'lifted'],
      'How far it has come.',
    ),
    announcedOn: nullable(day()),
    adoptedOn: nullable(day()),
  }),
  getLabel: ({ ordinal, imposedBy, target }, resolveLabel) =>
    `${ordinal === null ? 'Sanctions' : `Round ${ordinal} of sanctions`} by ${resolveLabel(imposedBy)} on ${resolveLabel(target)}`,
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
