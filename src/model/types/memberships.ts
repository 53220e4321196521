import * as z from 'zod';
import { defineFactType } from '../fact-type.ts';
import { actor, nullable, reference, text } from '../fields.ts';

export const memberships = defineFactType({
  type: 'membership',
  collection: 'memberships',
  summary: 'Memberships of people, organizations and countries in organizations and groups',
  schema: z.strictObject({
    member: actor().describe('Person, organization or country that is a member.'),
    organization: reference('organization').describe('Organization or group that the member belongs to.'),
    role: nullable(text()).meta({
      description: 'Role of the member, if the text gives one.',
      examples: ['chair'],
    }),
  }),
  getLabel: ({ member, organization, role }, resolveLabel) =>
    `${resolveLabel(member)}: ${role ?? 'member'} of ${resolveLabel(organization)}`,
  namingFields: ['member', 'organization', 'role'],
  filters: { member: 'member', organization: 'organization', role: 'role' },
  sorts: ['role'],
  facets: ['member', 'organization', 'role'],
  developableFields: ['role'],
  linkedData: {
    classes: 'OrganizationRole',
    properties: { member: 'member', organization: 'memberOf', role: 'roleName' },
  },
  exampleId: 'germany-g7',
});
