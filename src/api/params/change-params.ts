/** Query parameters of the change lists and change feeds. */
import * as z from 'zod';
import { InstantOrDay } from '../../http/as-of-param.ts';
import { commaSeparated, integerBetween, singleValue } from '../../http/params.ts';
import { type Cause, ChangeCause } from '../../model/change.ts';
import { closedVocabulary, FactId, ID_PATTERN, type Reference } from '../../model/fields.ts';
import { CURRENT } from '../../store/schema.ts';
import type { RequestedChanges } from '../service/changes.ts';
import { FactTypeParam, TYPE_NAMES } from './fact-params.ts';

const AfterRevision = integerBetween(0, CURRENT - 1);

/** Number of a revision, or an instant or day in upper case. */
const After = z
  .string()
  .transform((text, context): number | string => {
    const result = (/^-?\d+$/.test(text) ? AfterRevision : InstantOrDay).safeParse(text);
    for (const issue of result.error?.issues ?? [])
      context.issues.push({ ...issue, input: text } as z.core.$ZodRawIssue);
    return result.data ?? 0;
  })
  // Clients generate a type from this schema, which must stay a number.
  .pipe(z.custom<number | string>().meta({ type: 'integer', minimum: 0, maximum: CURRENT - 1 }));

const afterParam = singleValue(After)
  .default(0)
  .describe(
    'Only changes made after this revision number. Default 0: all changes. Also takes an RFC 3339 instant, or a day, which ' +
      'means its end in UTC.',
  );

const ChangeSort = closedVocabulary(
  'ChangeSort',
  ['recordedAt', '-recordedAt'],
  'Order of changes: oldest first, or newest first with a leading -.',
  ['RecordedAt', 'RecordedAtDescending'],
);

/** Returns the parameters that select and sort changes. */
export const buildChangeListParameters = (defaultSort: z.output<typeof ChangeSort>) => ({
  after: afterParam,
  ...changeParameters,
  sort: singleValue(ChangeSort)
    .default(defaultSort)
    .describe(`recordedAt: oldest first; -recordedAt: newest first. Default ${defaultSort}.`),
});

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
  after?: number | string;
  sort?: string;
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
  sort,
}: ChangeParameters): RequestedChanges {
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
    newestFirst: sort === '-recordedAt',
  };
}

/** Converts the parameters to a store query for corrections and retractions, newest first. */
export const parseCorrectionQuery = (
  parameters: Omit<ChangeParameters, 'after' | 'cause' | 'sort'>,
): RequestedChanges => ({
  ...parseChangeQuery(parameters),
  causes: ['correction', 'retraction'],
  newestFirst: true,
});
