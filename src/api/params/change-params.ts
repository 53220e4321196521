/** Which changes are asked for. */
import * as z from 'zod';
import { commaSeparated, integerBetween, singleValue } from '../../http/params.ts';
import { invalidParameters } from '../../lib/problem-details.ts';
import { type Cause, ChangeCause } from '../../model/change.ts';
import { closedVocabulary, FactId, ID_PATTERN, type Reference } from '../../model/fields.ts';
import { factTypes } from '../../model/types/index.ts';
import type { ChangeQuery } from '../../store/queries/history.ts';
import { CURRENT } from '../../store/schema.ts';

/** After which revision the changes begin. */
export const afterParam = singleValue(integerBetween(0, CURRENT - 1))
  .default(0)
  .describe('Only what later revisions than this one changed.');

const TYPE_NAMES = factTypes.map(({ type }) => type) as [string, ...string[]];
const FactTypeParam = closedVocabulary('FactType', TYPE_NAMES, 'The type of a fact.');

/** A fact in a parameter, by type and id. */
export const FactRefParam = z
  .string()
  .max(250)
  .regex(
    new RegExp(`^(${TYPE_NAMES.join('|')})/${ID_PATTERN.source.slice(1, -1)}$`),
    'must be written type/id, such as person/jens-stoltenberg',
  )
  .meta({ id: 'FactName', description: 'A fact, written type/id.' });

export const changeParameters = {
  type: commaSeparated(FactTypeParam).optional().describe('Only changes of facts of these types.'),
  fact: commaSeparated(FactRefParam)
    .optional()
    .describe('Only changes of these facts, each written type/id.'),
  document: commaSeparated(FactId)
    .optional()
    .describe('Only changes that the dossiers of these documents made, and changes of their facts.'),
  cause: commaSeparated(ChangeCause).optional().describe('Only changes for these causes.'),
};

export interface ChangeParameters {
  after?: number;
  type?: string[];
  fact?: string[];
  document?: string[];
  cause?: Cause[];
}

/** What the parameters ask of the store. */
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

/** Refuses an `after` that lies in the future of the revision that is read. */
export function assertAfterInRange(after: number, revision: number): void {
  if (after <= revision) return;
  const detail = `must be at most ${revision}, the revision that is read (given: ${after})`;
  throw invalidParameters([{ parameter: 'after', code: 'out-of-range', detail }]);
}
