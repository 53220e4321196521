import * as z from 'zod';
import { defineFactType, type RuleViolation } from '../fact-type.ts';
import { actor, closedVocabulary, nullable, reference, text } from '../fields.ts';

const Stance = z.strictObject({
  actor: actor().describe('Who takes the position.'),
  andOthers: nullable(z.boolean()).describe(
    'true where the text says that there are others whom it does not name.',
  ),
  subject: reference('proposal', 'sanctions-round').describe('What the position is on.'),
  position: closedVocabulary(
    'StancePosition',
    ['supports', 'opposes', 'seeks-pause', 'seeks-more', 'divided'],
    'divided: the members of an organization disagree.',
  ),
  purpose: nullable(text()).describe('What the actor wants by it, in the words of the text.'),
  recurrence: nullable(
    closedVocabulary(
      'StanceRecurrence',
      ['continuing', 'repeated'],
      'Whether the text says that the position goes on, or was taken again and again.',
    ),
  ),
});

const POSITION_VERBS = {
  supports: 'supports',
  opposes: 'opposes',
  'seeks-pause': 'seeks a pause on',
  'seeks-more': 'seeks more on',
  divided: 'is divided on',
} as const;

/** Whoever seeks a pause or more, or is divided, neither agrees nor disagrees. */
const POSITION_CLASSES = {
  supports: 'AgreeAction',
  opposes: 'DisagreeAction',
  'seeks-pause': 'AssessAction',
  'seeks-more': 'AssessAction',
  divided: 'AssessAction',
} as const;

export const stances = defineFactType({
  type: 'stance',
  collection: 'stances',
  summary: 'Where actors stand on proposals and rounds of sanctions',
  schema: Stance,
  getLabel: ({ actor, andOthers, subject, position }, resolveLabel) =>
    `${resolveLabel(actor)}${andOthers ? ', with others,' : ''} ${POSITION_VERBS[position]}: ${resolveLabel(subject)}`,
  filters: {
    actor: 'actor',
    andOthers: 'andOthers',
    subject: 'subject',
    position: 'position',
    recurrence: 'recurrence',
  },
  sorts: ['position'],
  facets: ['actor', 'andOthers', 'subject', 'position', 'recurrence'],
  checkRules: checkDividedActor,
  expandableField: 'actor',
  developableFields: ['andOthers', 'position', 'purpose', 'recurrence'],
  linkedData: {
    classes: ({ position }) => POSITION_CLASSES[position],
    properties: { actor: 'agent', subject: 'object' },
  },
  exampleId: 'germany-fifth-round',
});

function checkDividedActor({ actor, position }: z.output<typeof Stance>): RuleViolation[] {
  if (position !== 'divided' || actor.type === 'organization') return [];
  return [
    { path: ['position'], message: `only an organization can be divided, and this is a ${actor.type}` },
  ];
}
