import * as z from 'zod';
import { resource } from '../fact-type.ts';
import { actor, nullable, reference, text } from '../fields.ts';

export const memberships = resource({
  type: 'membership',
  collection: 'memberships',
  summary: 'Who belongs to which organization or group',
  schema: z.strictObject({
    member: actor(),
    organization: reference('organization').describe('What the member belongs to.'),
    role: nullable(text()).describe('As what the member belongs to it, if the text says.'),
  }),
  label: ({ member, organization, role }, name) =>
    `${name(member)}: ${role ?? 'member'} of ${name(organization)}`,
  filters: { member: 'member', organization: 'organization', role: 'role' },
  sorts: ['role'],
  facets: ['member', 'organization', 'role'],
  developing: ['role'],
  linkedData: {
    class: 'OrganizationRole',
    properties: { member: 'member', organization: 'memberOf', role: 'roleName' },
  },
  example: 'germany-g7',
});
