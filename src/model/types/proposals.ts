import * as z from 'zod';
import { defineFactType } from '../fact-type.ts';
import { actor, closedVocabulary, list, nullable, reference, text } from '../fields.ts';

const Instrument = z
  .strictObject({
    name: text().describe('Name of the treaty, act or other instrument.'),
    relation: closedVocabulary(
      'InstrumentRelation',
      ['basis', 'amends', 'would-violate'],
      'Relation of the proposal to the instrument: it is based on it, amends it, or would violate it.',
    ),
  })
  .meta({ id: 'Instrument', description: 'Instrument of law or policy that a proposal concerns.' });

export const proposals = defineFactType({
  type: 'proposal',
  collection: 'proposals',
  summary: 'Proposals that are sought, considered, adopted or rejected',
  schema: z.strictObject({
    title: text().describe('Title of the proposal.'),
    purpose: nullable(text()).describe('Purpose of the proposal, in the words of the text.'),
    status: closedVocabulary(
      'ProposalStatus',
      ['sought', 'under-consideration', 'decision-expected', 'adopted', 'rejected'],
      'Stage of the proposal. Only the body that decides rejects a proposal; a refusal by others is a stance.',
    ),
    proposedBy: list(actor()).describe('Actors who make the proposal; empty if the text does not say.'),
    addressedTo: list(actor()).describe('Actors to whom it is addressed; empty if the text does not say.'),
    beneficiary: nullable(actor()).describe('Actor whom the proposal is meant to benefit.'),
    decisionExpectedAt: nullable(reference('event')).describe('Event at which a decision on it is expected.'),
    instruments: list(Instrument).describe('Instruments of law or policy that the proposal concerns.'),
  }),
  getLabel: (proposal) => proposal.title,
  namingFields: ['title', 'status'],
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
