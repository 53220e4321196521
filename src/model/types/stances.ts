import * as z from 'zod';
import { defineFactType, type RuleViolation } from '../fact-type.ts';
import { actor, closedVocabulary, nullable, reference, text } from '../fields.ts';

const Stance = z.strictObject({
  actor: actor().describe('Actor who takes the position.'),
  andOthers: nullable(z.boolean()).describe(
    'true if the text says that there are others whom it does not name.',
  ),
  subject: reference('proposal', 'sanctions-round').describe('Proposal or round that the position is on.'),
  position: closedVocabulary(
    'StancePosition',
    ['supports', 'opposes', 'seeks-pause', 'seeks-more', 'divided'],
    'Position of the actor. divided: the members of an organization disagree.',
  ),
  purpose: nullable(text()).describe('Aim of the actor, in the words of the text.'),
  recurrence: nullable(
    closedVocabulary(
      'StanceRecurrence',
      ['continuing', 'repeated'],
      'continuing: the text says that the position persists; repeated: that it was taken repeatedly.',
    ),
  ),
});

/** Verbs of labels after a singular and after a plural actor. */
const POSITION_VERBS = {
  supports: { singular: 'supports', plural: 'support' },
  opposes: { singular: 'opposes', plural: 'oppose' },
  'seeks-pause': { singular: 'seeks a pause on', plural: 'seek a pause on' },
  'seeks-more': { singular: 'seeks more on', plural: 'seek more on' },
  divided: { singular: 'is divided on', plural: 'are divided on' },
} as const;

type Position = keyof typeof POSITION_VERBS;

/** Returns the verb of a stance, which agrees with its actor as the label does: `seek more on`. */
export function getPositionVerb(position: Position, label: string): string {
  const { singular, plural } = POSITION_VERBS[position];
  return label.includes(` ${plural}: `) ? plural : singular;
}

/** Classes of schema.org. To seek a pause or more, or to be divided, is neither to agree nor to disagree. */
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
  summary: 'Positions of actors on proposals and rounds of sanctions',
  schema: Stance,
  getLabel: ({ actor, andOthers, subject, position }, resolveLabel, isPlural) => {
    const verb = POSITION_VERBS[position][isPlural?.(actor) ? 'plural' : 'singular'];
    return `${resolveLabel(actor)}${andOthers ? ', with others,' : ''} ${verb}: ${resolveLabel(subject)}`;
  },
  namingFields: ['actor', 'subject', 'position'],
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
    { path: ['position'], message: `only an organization can be divided; the actor is a ${actor.type}` },
  ];
}
