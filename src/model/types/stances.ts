import * as z from 'zod';
import { type RuleBreach, resource } from '../fact-type.ts';
import { actor, nullable, reference, text, vocabulary } from '../fields.ts';

const Stance = z.strictObject({
  actor: actor().describe('Who takes the position.'),
  andOthers: nullable(z.boolean()).describe(
    'true where the text says that there are others whom it does not name.',
  ),
  subject: reference('proposal', 'sanctions-round').describe('What the position is on.'),
  position: vocabulary(
    'StancePosition',
    ['supports', 'opposes', 'seeks-pause', 'seeks-more', 'divided'],
    'divided: the members of an organization disagree.',
  ),
  purpose: nullable(text()).describe('What the actor wants by it, in the words of the text.'),
  recurrence: nullable(
    vocabulary(
      'StanceRecurrence',
      ['continuing', 'repeated'],
      'Whether the text says that the position goes on, or was taken again and again.',
    ),
  ),
});

const VERBS = {
  supports: 'supports',
  opposes: 'opposes',
  'seeks-pause': 'seeks a pause on',
  'seeks-more': 'seeks more on',
  divided: 'is divided on',
} as const;

/** Whoever seeks a pause or more, or is divided, neither agrees nor disagrees. */
const CLASSES = {
  supports: 'AgreeAction',
  opposes: 'DisagreeAction',
  'seeks-pause': 'AssessAction',
  'seeks-more': 'AssessAction',
  divided: 'AssessAction',
} as const;

export const stances = resource({
  type: 'stance',
  collection: 'stances',
  summary: 'Where actors stand on proposals and rounds of sanctions',
  schema: Stance,
  label: ({ actor, andOthers, subject, position }, name) =>
    `${name(actor)}${andOthers ? ', with others,' : ''} ${VERBS[position]}: ${name(subject)}`,
  filters: {
    actor: 'actor',
    andOthers: 'andOthers',
    subject: 'subject',
    position: 'position',
    recurrence: 'recurrence',
  },
  sorts: ['position'],
  facets: ['actor', 'andOthers', 'subject', 'position', 'recurrence'],
  rules: onlyOrganizationsAreDivided,
  expandable: 'actor',
  developing: ['andOthers', 'position', 'purpose', 'recurrence'],
  linkedData: {
    class: ({ position }) => CLASSES[position],
    properties: { actor: 'agent', subject: 'object' },
  },
  example: 'germany-fifth-round',
});

function onlyOrganizationsAreDivided({ actor, position }: z.output<typeof Stance>): RuleBreach[] {
  if (position !== 'divided' || actor.type === 'organization') return [];
  return [
    { path: ['position'], message: `only an organization can be divided, and this is a ${actor.type}` },
  ];
}
