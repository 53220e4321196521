import * as z from 'zod';
import { periodOf, resource } from '../fact-type.ts';
import { actor, day, nullable, reference, vocabulary } from '../fields.ts';

export const sanctionsRounds = resource({
  type: 'sanctions-round',
  collection: 'sanctions-rounds',
  summary: 'Rounds of sanctions, one fact a round',
  schema: z.strictObject({
    ordinal: nullable(z.int().min(1)).describe('Which round it is, as the source counts them.'),
    imposedBy: actor().describe('Who imposes the sanctions.'),
    target: reference('country', 'organization').describe('Whom they are aimed at.'),
    status: vocabulary(
      'SanctionsRoundStatus',
      ['proposed', 'under-discussion', 'announced', 'adopted', 'lifted'],
      'How far it has come.',
    ),
    announcedOn: nullable(day()),
    adoptedOn: nullable(day()),
  }),
  label: ({ ordinal, imposedBy, target }, name) =>
    `${ordinal === null ? 'Sanctions' : `Round ${ordinal} of sanctions`} by ${name(imposedBy)} on ${name(target)}`,
  filters: { ordinal: 'ordinal', imposedBy: 'imposedBy', target: 'target', status: 'status' },
  sorts: ['ordinal', 'announcedOn', 'adoptedOn'],
  facets: ['ordinal', 'imposedBy', 'target', 'status'],
  period: ({ adoptedOn, announcedOn }) => periodOf(adoptedOn ?? announcedOn, null, 'day'),
  developing: ['status', 'announcedOn', 'adoptedOn'],
  linkedData: {
    class: 'Action',
    properties: { imposedBy: 'agent', target: 'object' },
  },
  example: 'eu-on-russia-5',
});
