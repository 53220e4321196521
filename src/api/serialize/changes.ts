import * as z from 'zod';
import { ChangeCause, ChangeOp, fieldChanges, opOf, type Version } from '../../model/change.ts';
import { type FactBody, keyOf, referencesIn } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { resourceOf } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import { labelsOf } from '../../store/queries/facts.ts';
import type { ChangeRow } from '../../store/queries/history.ts';

const FieldChange = z
  .object({
    field: z
      .string()
      .describe(
        'The field: an own one, or id, label, accordingTo, reportedOn, evidence, inferences, redacted.',
      ),
    before: z.unknown().describe('Its value before; null where there was none.'),
    after: z.unknown().describe('Its value since.'),
  })
  .meta({ id: 'FieldChange', description: 'What a change did to one field.' });

export const what = {
  op: ChangeOp,
  cause: ChangeCause,
  reason: z.string().optional().describe('Why: of every correction, retraction and redaction.'),
};

export const revisionHead = {
  revision: z.int().min(1),
  recordedAt: z.iso.datetime().describe('When it was recorded here, UTC; it never goes back.'),
};

export const told = {
  author: z.string().describe('Who answers for it.'),
  reviewer: z.string().optional().describe('Who looked it over, if anybody is named.'),
  note: z.string().describe('What it is about.'),
};

export const fields = z
  .array(FieldChange)
  .describe('What differs; of an addition, every field that says something.');

export const numberText = z.string().regex(/^\d{1,9}$/);

export const NumberPlace = z.tuple([numberText]);

export const atNumber = (place: [string] | null): number | null => (place ? Number(place[0]) : null);

export const headOf = ({ revision, recorded_at }: Pick<ChangeRow, 'revision' | 'recorded_at'>) => ({
  revision,
  recordedAt: recorded_at,
});

export const toldBy = ({ author, reviewer, note }: Pick<ChangeRow, 'author' | 'reviewer' | 'note'>) => ({
  author,
  ...(reviewer !== null && { reviewer }),
  note,
});

/** Names a reference by its label. */
type Name = (reference: Reference) => string;

export function whatDid(row: ChangeRow, name: Name) {
  const [before, after] = [row.previous && versionOf(row.previous), versionOf(row)];
  const fields = fieldChanges(resourceOf(row.type), before, after);
  for (const reference of referencesIn(fields)) Object.assign(reference, { label: name(reference) });
  const { cause, reason } = row;
  return { op: opOf(before, after), cause, ...(reason !== null && { reason }), fields };
}

const versionOf = ({
  id,
  label,
  reported_on,
  retracted,
  body,
}: Pick<ChangeRow, 'id' | 'label' | 'reported_on' | 'retracted' | 'body'>): Version => ({
  id,
  label,
  reportedOn: reported_on,
  retracted: retracted !== null,
  body: JSON.parse(body) as FactBody,
});

/** The labels, at the revision that is read, of all that these versions refer to. */
export async function namesIn(db: Reader, revision: number, rows: ChangeRow[]): Promise<Name> {
  const bodies = rows.flatMap(({ body, previous }) => [body, ...(previous ? [previous.body] : [])]);
  const labels = await labelsOf(db, revision, referencesIn(bodies.map((body) => JSON.parse(body))));
  return (reference) => labels.get(keyOf(reference))?.label ?? reference.id;
}
