import * as z from 'zod';
import { type RuleBreach, resource } from '../fact-type.ts';
import { reference, text, vocabulary } from '../fields.ts';

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
  qualifier: vocabulary(
    'FigureQualifier',
    ['exact', 'at-least', 'at-most', 'more-than', 'less-than', 'approximately'],
    'How the value stands to the true one, as the text has it.',
  ),
  statedAs: text().describe('The literal words of the number.'),
});

const QUALIFIERS = {
  exact: '',
  'at-least': 'at least ',
  'at-most': 'at most ',
  'more-than': 'more than ',
  'less-than': 'less than ',
  approximately: 'about ',
} as const;

export const figures = resource({
  type: 'figure',
  collection: 'figures',
  summary: 'Numbers, each with what exactly it counts',
  schema: Figure,
  label: ({ measure, value, unit, qualifier }) => `${measure}: ${QUALIFIERS[qualifier]}${value} ${unit}`,
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
  literal: ['statedAs'],
  linkedData: {
    class: 'Observation',
    properties: { subject: 'observationAbout', unit: 'unitText' },
    also: ({ value, qualifier }) => ({
      'schema:value': qualifier === 'exact' ? value : null,
      minValue: ['at-least', 'more-than'].includes(qualifier) ? value : null,
      maxValue: ['at-most', 'less-than'].includes(qualifier) ? value : null,
    }),
  },
  rules: isStatedLiterally,
  example: 'eu-members-in-nato',
});

function isStatedLiterally({ statedAs }: z.output<typeof Figure>, quotations: string[]): RuleBreach[] {
  if (quotations.some((quotation) => quotation.includes(statedAs))) return [];
  return [{ path: ['statedAs'], message: `${JSON.stringify(statedAs)} stands in no evidence of the figure` }];
}
