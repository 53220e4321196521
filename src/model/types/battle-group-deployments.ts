import * as z from 'zod';
import { periodOf, resource } from '../fact-type.ts';
import { actor, day, nullable, reference, vocabulary } from '../fields.ts';
import { Location } from '../place.ts';

export const battleGroupDeployments = resource({
  type: 'battle-group-deployment',
  collection: 'battle-group-deployments',
  summary: 'Deployments of battle groups, one fact a host country',
  schema: z.strictObject({
    hostCountry: reference('country').describe('Where the battle group is to be.'),
    alliance: reference('organization').describe('Whose battle group it is.'),
    status: vocabulary(
      'BattleGroupDeploymentStatus',
      ['announced', 'approved', 'deploying', 'deployed', 'withdrawn'],
      'How far it has come.',
    ),
    announcedOn: nullable(day()),
    announcedBy: nullable(actor()),
    inResponseTo: nullable(reference('event')).describe('The event that the deployment answers.'),
    location: Location,
  }),
  label: ({ alliance, hostCountry }, name) => `${name(alliance)} battle group in ${name(hostCountry)}`,
  filters: {
    hostCountry: 'hostCountry',
    alliance: 'alliance',
    status: 'status',
    announcedBy: 'announcedBy',
    inResponseTo: 'inResponseTo',
  },
  sorts: ['announcedOn'],
  facets: ['hostCountry', 'alliance', 'status', 'announcedBy', 'inResponseTo'],
  period: ({ announcedOn }) => periodOf(announcedOn, null, 'day'),
  point: ({ location }) => ({ ...location, from: { field: 'location' } }),
  developing: ['status', 'announcedOn', 'announcedBy', 'location'],
  columns: {
    'location.latitude': 'latitude',
    'location.longitude': 'longitude',
    'location.precision': 'precision',
  },
  linkedData: {
    class: 'Action',
    properties: { alliance: 'agent', location: 'location' },
  },
  example: 'nato-romania',
});
