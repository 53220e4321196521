import * as z from 'zod';
import { defineFactType } from '../fact-type.ts';
import { actor, nullable, reference, text } from '../fields.ts';

export const memberships = defineFactType({
  type: 'membership',
  collection: 'memberships',
  summary: 'Who belongs to which organization or group',
  schema: z.strictObject({
    member: actor(),
    organization: reference('organization').describe('What the member belongs to.'),
    role: nullable(text()).describe('As what the member belongs to it, if the text says.'),
  }),
  getLabel: ({ member, organization, role }, resolveLabel) =>
    `${resolveLabel(member)}: ${role ?? 'member'} of ${resolveLabel(organization)}`,
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
