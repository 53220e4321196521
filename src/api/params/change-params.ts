/** Query parameters of the change lists and change feeds. */
import * as z from 'zod';
import { commaSeparated, integerBetween, singleValue } from '../../http/params.ts';
import { type Cause, ChangeCause } from '../../model/change.ts';
import { closedVocabulary, FactId, ID_PATTERN, type Reference } from '../../model/fields.ts';
import { factTypes } from '../../model/types/index.ts';
import type { ChangeQuery } from '../../store/queries/history.ts';
import { CURRENT } from '../../store/schema.ts';

export const afterParam = singleValue(integerBetween(0, CURRENT - 1))
  .default(0)
  .describe('Only changes made after this revision number. Default 0: all changes.');

const TYPE_NAMES = factTypes.map(({ type }) => type) as [string, ...string[]];
const FactTypeParam = closedVocabulary('FactType', TYPE_NAMES, 'Type of a fact.');

/** Reference to a fact in a parameter. */
export const FactRefParam = z
  .string()
  .max(250)
  .regex(
    new RegExp(`^(${TYPE_NAMES.join('|')})/${ID_PATTERN.source.slice(1, -1)}$`),
    'must be written type/id, such as person/jens-stoltenberg',
  )
  .meta({ id: 'FactName', description: 'Reference to a fact, written type/id.' });

export const changeParameters = {
  type: commaSeparated(FactTypeParam).optional().describe('Only changes to facts of these types.'),
  fact: commaSeparated(FactRefParam)
    .optional()
    .meta({
      description: 'Only changes to these facts, each written type/id.',
      example: ['organization/nato'],
    }),
  document: commaSeparated(FactId)
    .optional()
    .meta({
      description:
        'Only changes made by the dossiers of these documents, and changes to the facts of these dossiers.',
      example: ['brussels-2022-03-24'],
    }),
  cause: commaSeparated(ChangeCause).optional().describe('Only changes with these causes.'),
};

export interface ChangeParameters {
  after?: number;
  type?: string[];
  fact?: string[];
  document?: string[];
  cause?: Cause[];
}

/** Converts the parameters to a store query. */
export function parseChangeQuery({
  after = 0,
  type,
  fact,
  document,
  cause,
}: ChangeParameters): Omit<ChangeQuery, 'newestFirst'> {
  const facts = fact?.map((ref): Reference => {
    const [refType = '', id = ''] = ref.split('/');
    return { type: refType, id };
  });
  return {
    after,
    types: type ?? null,
    facts: facts ?? null,
    documents: document ?? null,
    causes: cause ?? null,
  };
}

/** Converts the parameters to a store query for corrections and retractions, newest first. */
export const parseCorrectionQuery = (parameters: Omit<ChangeParameters, 'after' | 'cause'>): ChangeQuery => ({
  ...parseChangeQuery(parameters),
  causes: ['correction', 'retraction'],
  newestFirst: true,
});
