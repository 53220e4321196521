import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import type { FactBody } from './fact-body.ts';
import type { FactType } from './fact-type.ts';
import { closedVocabulary } from './fields.ts';

export const CHANGE_CAUSES = ['addition', 'development', 'correction', 'retraction', 'editorial'] as const;
export type Cause = (typeof CHANGE_CAUSES)[number];

export const ChangeCause = closedVocabulary(
  'ChangeCause',
  CHANGE_CAUSES,
  'Cause of the change. addition: the fact is new; development: the world changed; correction: the record was wrong; ' +
    'retraction: the dossier no longer vouches for the fact; editorial: only evidence, notes or labels changed, or a ' +
    'text was redacted.',
);

export const ChangeOp = closedVocabulary(
  'ChangeOp',
  ['add', 'modify', 'retract'],
  'Operation that brings a copy of the facts up to date.',
);
export type ChangeOperation = z.output<typeof ChangeOp>;

/** Version of a fact, reduced to the parts that are compared. */
export interface FactVersion {
  id: string;
  label: string;
  reportedOn: string | null;
  retracted: boolean;
  body: FactBody;
}

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** Returns the differing fields among those that a development or correction can change. */
export const findChangedFields = (factType: FactType, before: FactBody, after: FactBody): string[] =>
  [...factType.fieldNames, 'accordingTo'].filter((name) => !isDeepStrictEqual(before[name], after[name]));

/** Returns the operation that leads from `before` (null if the fact is new) to `after`. */
export function getChangeOperation(before: FactVersion | null, after: FactVersion): ChangeOperation {
  if (after.retracted) return 'retract';
  return before === null || before.retracted ? 'add' : 'modify';
}

/** Returns all fields that differ: for an addition those that are not null, for a retraction none. */
export function diffVersions(
  factType: FactType,
  before: FactVersion | null,
  after: FactVersion,
): FieldChange[] {
  const operation = getChangeOperation(before, after);
  if (operation === 'retract') return [];
  const fieldNames = [
    'id',
    'label',
    ...factType.fieldNames,
    'accordingTo',
    'reportedOn',
    'evidence',
    'inferences',
    'redacted',
  ];
  const base = operation === 'add' ? null : before;
  return fieldNames.flatMap((field) => {
    if (base === null && field === 'id') return [];
    const values = { before: base === null ? null : getField(base, field), after: getField(after, field) };
    return isDeepStrictEqual(values.before, values.after) ? [] : [{ field, ...values }];
  });
}

function getField({ id, label, reportedOn, body }: FactVersion, field: string): unknown {
  return ({ id, label, reportedOn, ...body } as Record<string, unknown>)[field] ?? null;
}
