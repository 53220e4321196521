/** Which changes are asked for. */
import * as z from 'zod';
import { many, single, wholeNumber } from '../../http/params.ts';
import { invalidParameters } from '../../lib/problem-details.ts';
import { type Cause, ChangeCause } from '../../model/change.ts';
import { FactId, ID_PATTERN, type Reference, vocabulary } from '../../model/fields.ts';
import { resources } from '../../model/types/index.ts';
import type { ChangeQuestion } from '../../store/queries/history.ts';
import { OPEN_END } from '../../store/schema.ts';

/** After which revision the changes begin. */
export const after = single(wholeNumber(0, OPEN_END - 1))
  .default(0)
  .describe('Only what later revisions than this one changed.');

const types = resources.map(({ type }) => type) as [string, ...string[]];
const FactType = vocabulary('FactType', types, 'The type of a fact.');

/** A fact in a parameter, by type and id. */
export const FactName = z
  .string()
  .max(250)
  .regex(
    new RegExp(`^(${types.join('|')})/${ID_PATTERN.source.slice(1, -1)}$`),
    'must be written type/id, such as person/jens-stoltenberg',
  )
  .meta({ id: 'FactName', description: 'A fact, written type/id.' });

export const changeParameters = {
  type: many(FactType).optional().describe('Only changes of facts of these types.'),
  fact: many(FactName).optional().describe('Only changes of these facts, each written type/id.'),
  document: many(FactId)
    .optional()
    .describe('Only changes that the dossiers of these documents made, and changes of their facts.'),
  cause: many(ChangeCause).optional().describe('Only changes for these causes.'),
};

export interface ChangeParameters {
  after?: number;
  type?: string[];
  fact?: string[];
  document?: string[];
  cause?: Cause[];
}

/** What the parameters ask of the store. */
export function questionOf({
  after = 0,
  type,
  fact,
  document,
  cause,
}: ChangeParameters): Omit<ChangeQuestion, 'newestFirst'> {
  const facts = fact?.map((name): Reference => {
    const [of = '', id = ''] = name.split('/');
    return { type: of, id };
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
export function refuseTooLate(after: number, revision: number): void {
  if (after <= revision) return;
  const detail = `must be at most ${revision}, the revision that is read (given: ${after})`;
  throw invalidParameters([{ parameter: 'after', code: 'out-of-range', detail }]);
}
