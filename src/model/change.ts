/** What one version of a fact changed, and why. */
import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import type { FactBody } from './fact-body.ts';
import type { Resource } from './fact-type.ts';
import { vocabulary } from './fields.ts';

export const CAUSES = ['addition', 'development', 'correction', 'retraction', 'editorial'] as const;
export type Cause = (typeof CAUSES)[number];

export const ChangeCause = vocabulary(
  'ChangeCause',
  CAUSES,
  'addition: new in the record; development: the world moved on; correction: the record was wrong; retraction: ' +
    'withdrawn; editorial: evidence, notes and labels, and a text that was redacted.',
);

export const ChangeOp = vocabulary(
  'ChangeOp',
  ['add', 'modify', 'retract'],
  'What to do to a copy of the facts.',
);
export type Op = z.output<typeof ChangeOp>;

/** A version of a fact, as far as changes are told by it. */
export interface Version {
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
export const contentChanged = (resource: Resource, before: FactBody, after: FactBody): string[] =>
  [...resource.fieldNames, 'accordingTo'].filter((name) => !isDeepStrictEqual(before[name], after[name]));

/** What the step from `before` (null for a fact that was not there) to `after` did. */
export function opOf(before: Version | null, after: Version): Op {
  if (after.retracted) return 'retract';
  return before === null || before.retracted ? 'add' : 'modify';
}

/** Every field that differs; of an addition, every field that says something. */
export function fieldChanges(resource: Resource, before: Version | null, after: Version): FieldChange[] {
  const op = opOf(before, after);
  if (op === 'retract') return [];
  const names = [
    'id',
    'label',
    ...resource.fieldNames,
    'accordingTo',
    'reportedOn',
    'evidence',
    'inferences',
    'redacted',
  ];
  const from = op === 'add' ? null : before;
  return names.flatMap((field) => {
    if (from === null && field === 'id') return [];
    const values = { before: from === null ? null : fieldOf(from, field), after: fieldOf(after, field) };
    return isDeepStrictEqual(values.before, values.after) ? [] : [{ field, ...values }];
  });
}

function fieldOf({ id, label, reportedOn, body }: Version, field: string): unknown {
  return ({ id, label, reportedOn, ...body } as Record<string, unknown>)[field] ?? null;
}
