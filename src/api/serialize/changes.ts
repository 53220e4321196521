import * as z from 'zod';
import {
  ChangeCause,
  ChangeOp,
  diffVersions,
  type FactVersion,
  getChangeOperation,
} from '../../model/change.ts';
import { collectReferences, type FactBody, refKey } from '../../model/fact-body.ts';
import type { Reference } from '../../model/fields.ts';
import { getFactType } from '../../model/types/index.ts';
import type { Reader } from '../../store/database.ts';
import { findLabels } from '../../store/queries/facts.ts';
import type { ChangeRow } from '../../store/queries/history.ts';

const FieldChange = z
  .object({
    field: z
      .string()
      .describe(
        'Field of the fact type, or id, label, accordingTo, reportedOn, evidence, inferences or redacted.',
      ),
    before: z.unknown().describe('Value before the change; null if there was none.'),
    after: z.unknown().describe('Value after the change.'),
  })
  .meta({ id: 'FieldChange', description: 'Change to one field.' });

export const changeShape = {
  op: ChangeOp,
  cause: ChangeCause,
  reason: z.string().optional().describe('Reason; present for every correction, retraction and redaction.'),
};

export const revisionShape = {
  revision: z.int().min(1),
  recordedAt: z.iso
    .datetime()
    .describe(
      'Time at which the server recorded the revision, in UTC; never before that of an earlier revision.',
    ),
};

export const attributionShape = {
  author: z.string().describe('Author of the revision.'),
  reviewer: z.string().optional().describe('Reviewer of the revision, if named.'),
  note: z.string().describe('Note on the revision.'),
};

export const FieldChangeList = z
  .array(FieldChange)
  .describe('Fields that differ; for an addition, every field with a value.');

export const NumberText = z.string().regex(/^\d{1,9}$/);

export const NumberPositionSchema = z.tuple([NumberText]);

export const toRevisionFields = ({ revision, recorded_at }: Pick<ChangeRow, 'revision' | 'recorded_at'>) => ({
  revision,
  recordedAt: recorded_at,
});

export const toAttributionFields = ({
  author,
  reviewer,
  note,
}: Pick<ChangeRow, 'author' | 'reviewer' | 'note'>) => ({
  author,
  ...(reviewer !== null && { reviewer }),
  note,
});

/** Returns the label of a reference. */
export type LabelLookup = (reference: Reference) => string;

export function toChangeFields(row: ChangeRow, getLabel: LabelLookup) {
  const [before, after] = [row.previous && toVersion(row.previous), toVersion(row)];
  const fields = diffVersions(getFactType(row.type), before, after);
  for (const reference of collectReferences(fields)) Object.assign(reference, { label: getLabel(reference) });
  const { cause, reason } = row;
  return { op: getChangeOperation(before, after), cause, ...(reason !== null && { reason }), fields };
}

const toVersion = ({
  id,
  label,
  reported_on,
  retracted,
  body,
}: Pick<ChangeRow, 'id' | 'label' | 'reported_on' | 'retracted' | 'body'>): FactVersion => ({
  id,
  label,
  reportedOn: reported_on,
  retracted: retracted !== null,
  body: JSON.parse(body) as FactBody,
});

/** Loads the labels, at `revision`, of all facts that these versions refer to. */
export async function loadReferenceLabels(
  db: Reader,
  revision: number,
  rows: ChangeRow[],
): Promise<LabelLookup> {
  const bodies = rows.flatMap(({ body, previous }) => [body, ...(previous ? [previous.body] : [])]);
  const labels = await findLabels(db, revision, collectReferences(bodies.map((body) => JSON.parse(body))));
  return (reference) => labels.get(refKey(reference))?.label ?? reference.id;
}
