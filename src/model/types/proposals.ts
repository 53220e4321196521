import * as z from 'zod';
import { defineFactType } from '../fact-type.ts';
import { actor, closedVocabulary, list, nullable, reference, text } from '../fields.ts';

const Instrument = z
  .strictObject({
    name: text().describe('A treaty, act or other instrument.'),
    relation: closedVocabulary(
      'InstrumentRelation',
      ['basis', 'amends', 'would-violate'],
      'How the proposal stands to it: rests on it, amends it, or would violate it.',
    ),
  })
  .meta({ id: 'Instrument', description: 'An instrument of law or policy that a proposal touches.' });

export const proposals = defineFactType({
  type: 'proposal',
  collection: 'proposals',
  summary: 'What is sought, considered or to be decided',
  schema: z.strictObject({
    title: text(),
    purpose: nullable(text()).describe('What it is for, in the words of the text.'),
    status: closedVocabulary(
      'ProposalStatus',
      ['sought', 'under-consideration', 'decision-expected', 'adopted', 'rejected'],
      'How far it has come; rejected only by the one who decides, since refusals of others are stances.',
    ),
    proposedBy: list(actor()).describe('Who makes it; empty if the text does not say.'),
    addressedTo: list(actor()).describe('Who is asked for it; empty if the text does not say.'),
    beneficiary: nullable(actor()).describe('For whose good it is meant.'),
    decisionExpectedAt: nullable(reference('event')).describe('The event that is expected to decide on it.'),
    instruments: list(Instrument),
  }),
  getLabel: (proposal) => proposal.title,
  filters: {
    status: 'status',
    proposedBy: 'proposedBy',
    addressedTo: 'addressedTo',
    beneficiary: 'beneficiary',
    decisionExpectedAt: 'decisionExpectedAt',
    instrument: 'instruments.name',
    relation: 'instruments.relation',
  },
  sorts: ['title'],
  facets: [
    'status',
    'proposedBy',
    'addressedTo',
    'beneficiary',
    'decisionExpectedAt',
    'instrument',
    'relation',
  ],
  developableFields: ['status', 'addressedTo', 'proposedBy', 'decisionExpectedAt', 'instruments'],
  columnNames: { 'instruments.relation': 'instrument_relation' },
  linkedData: { classes: 'Intangible', properties: { title: 'name' } },
  exampleId: 'no-fly-zone-over-ukraine',
});
