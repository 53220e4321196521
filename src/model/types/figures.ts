import * as z from 'zod';
import { defineFactType, type RuleViolation } from '../fact-type.ts';
import { closedVocabulary, reference, text } from '../fields.ts';

const Figure = z.strictObject({
  subject: reference().describe('What the number is about: any fact.'),
  measure: text().describe('What exactly is counted or measured.'),
  value: z
    .number()
    .refine(
      (value) => !Number.isInteger(value) || Number.isSafeInteger(value),
      'has more digits than are kept',
    ),
  unit: text(100).describe('What the value counts: days, member states, percent.'),
  qualifier: closedVocabulary(
    'FigureQualifier',
    ['exact', 'at-least', 'at-most', 'more-than', 'less-than', 'approximately'],
    'How the value stands to the true one, as the text has it.',
  ),
  statedAs: text().describe('The literal words of the number.'),
});

const QUALIFIER_PREFIXES = {
  exact: '',
  'at-least': 'at least ',
  'at-most': 'at most ',
  'more-than': 'more than ',
  'less-than': 'less than ',
  approximately: 'about ',
} as const;

export const figures = defineFactType({
  type: 'figure',
  collection: 'figures',
  summary: 'Numbers, each with what exactly it counts',
  schema: Figure,
  getLabel: ({ measure, value, unit, qualifier }) =>
    `${measure}: ${QUALIFIER_PREFIXES[qualifier]}${value} ${unit}`,
  filters: {
    subject: 'subject',
    measure: 'measure',
    value: 'value',
    unit: 'unit',
    qualifier: 'qualifier',
    statedAs: 'statedAs',
  },
  sorts: ['measure', 'value', 'unit'],
  facets: ['subject', 'unit', 'qualifier'],
  verbatimFields: ['statedAs'],
  linkedData: {
    classes: 'Observation',
    properties: { subject: 'observationAbout', unit: 'unitText' },
    getAdditionalProperties: ({ value, qualifier }) => ({
      'schema:value': qualifier === 'exact' ? value : null,
      minValue: ['at-least', 'more-than'].includes(qualifier) ? value : null,
      maxValue: ['at-most', 'less-than'].includes(qualifier) ? value : null,
    }),
  },
  checkRules: checkStatedAs,
  exampleId: 'eu-members-in-nato',
});

function checkStatedAs({ statedAs }: z.output<typeof Figure>, quotations: string[]): RuleViolation[] {
  if (quotations.some((quotation) => quotation.includes(statedAs))) return [];
  return [{ path: ['statedAs'], message: `${JSON.stringify(statedAs)} stands in no evidence of the figure` }];
}
