import * as z from 'zod';
import { defineFactType, toPeriod } from '../fact-type.ts';
import { actor, closedVocabulary, day, nullable, reference } from '../fields.ts';
import { Location } from '../place.ts';

export const battleGroupDeployments = defineFactType({
  type: 'battle-group-deployment',
  collection: 'battle-group-deployments',
  summary: 'Deployments of battle groups, one fact per host country',
  schema: z.strictObject({
    hostCountry: reference('country').describe('Country that hosts the battle group.'),
    alliance: reference('organization').describe('Organization that the battle group belongs to.'),
    status: closedVocabulary(
      'BattleGroupDeploymentStatus',
      ['announced', 'approved', 'deploying', 'deployed', 'withdrawn'],
      'Stage of the deployment.',
    ),
    announcedOn: nullable(day()).describe('Day of the announcement.'),
    announcedBy: nullable(actor()).describe('Actor who announced the deployment.'),
    inResponseTo: nullable(reference('event')).describe('Event that the deployment responds to.'),
    location: Location,
  }),
  getLabel: ({ alliance, hostCountry }, resolveLabel) =>
    `${resolveLabel(alliance)} battle group in ${resolveLabel(hostCountry)}`,
  namingFields: ['hostCountry', 'alliance', 'status'],
  filters: {
    hostCountry: 'hostCountry',
    alliance: 'alliance',
    status: 'status',
    announcedBy: 'announcedBy',
    inResponseTo: 'inResponseTo',
  },
  sorts: ['announcedOn'],
  facets: ['hostCountry', 'alliance', 'status', 'announcedBy', 'inResponseTo'],
  getPeriod: ({ announcedOn }) => toPeriod(announcedOn, null, 'day'),
  getPoint: ({ location }) => ({ ...location, source: { field: 'location' } }),
  developableFields: ['status', 'announcedOn', 'announcedBy', 'location'],
  columnNames: {
    'location.latitude': 'latitude',
    'location.longitude': 'longitude',
    'location.precision': 'precision',
  },
  linkedData: {
    classes: 'Action',
    properties: { alliance: 'agent', location: 'location' },
  },
  exampleId: 'nato-romania',
});
