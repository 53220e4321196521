import * as z from 'zod';
import { foldLookAlikes } from '../../lib/look-alikes.ts';
import { formatQuantity } from '../../lib/numbers.ts';
import { formatHiddenDifferences } from '../../lib/text-differences.ts';
import { defineFactType, type RuleViolation } from '../fact-type.ts';
import { closedVocabulary, reference, text } from '../fields.ts';

const Figure = z.strictObject({
  subject: reference().describe('Fact that the number is about, of any type.'),
  measure: text().describe('Quantity that is counted or measured, such as EU member states in NATO.'),
  value: z
    .number()
    .refine(
      (value) => !Number.isInteger(value) || Number.isSafeInteger(value),
      'must be from -9007199254740991 to 9007199254740991 if it is an integer',
    )
    .describe('Value of the number, in its unit.'),
  unit: text(100).describe(
    'Unit of the value in the plural, such as days, member states or percent; ordinal if the value is a position in a sequence.',
  ),
  qualifier: closedVocabulary(
    'FigureQualifier',
    ['exact', 'at-least', 'at-most', 'more-than', 'less-than', 'approximately'],
    'Relation of the true number to the value, as the text words it.',
  ),
  statedAs: text().describe('Number as the text words it.'),
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
  summary: 'Numbers, each with the quantity that it measures',
  schema: Figure,
  getLabel: ({ measure, value, unit, qualifier }) =>
    `${measure}: ${QUALIFIER_PREFIXES[qualifier]}${formatQuantity(value, unit)}`,
  namingFields: ['measure', 'value', 'unit', 'qualifier'],
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
  const folded = foldLookAlikes(statedAs);
  const lookAlike = quotations.find((quotation) => foldLookAlikes(quotation).includes(folded));
  const hint = lookAlike === undefined ? '' : formatHiddenDifferences(lookAlike, statedAs, 'value');
  return [
    {
      path: ['statedAs'],
      message: `${JSON.stringify(statedAs)} is not in any evidence of the figure${hint}`,
    },
  ];
}
