/** What one version of a fact changed, and why. */
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
  'addition: new in the record; development: the world moved on; correction: the record was wrong; retraction: ' +
    'withdrawn; editorial: evidence, notes and labels, and a text that was redacted.',
);

export const ChangeOp = closedVocabulary(
  'ChangeOp',
  ['add', 'modify', 'retract'],
  'What to do to a copy of the facts.',
);
export type ChangeOperation = z.output<typeof ChangeOp>;

/** A version of a fact, as far as changes are told by it. */
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

/** The own fields, and through whom they are vouched for, that differ: what a development or a correction changes. */
export const findChangedFields = (factType: FactType, before: FactBody, after: FactBody): string[] =>
  [...factType.fieldNames, 'accordingTo'].filter((name) => !isDeepStrictEqual(before[name], after[name]));

/** What the step from `before` (null for a fact that was not there) to `after` did. */
export function getChangeOperation(before: FactVersion | null, after: FactVersion): ChangeOperation {
  if (after.retracted) return 'retract';
  return before === null || before.retracted ? 'add' : 'modify';
}

/** Every field that differs; of an addition, every field that says something. */
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
