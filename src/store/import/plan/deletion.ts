/** What deleting a dossier would do: its facts are retracted, and what it said about others is said no more. */
import type { DossierContent } from '../../../dossier/validate.ts';
import { problemNowhere } from '../../../dossier/validation-errors.ts';
import type { Reader } from '../../database.ts';
import { OPEN_END } from '../../schema.ts';
import { amendedBy } from '../contributions.ts';
import { type Plan, planImport } from './index.ts';

export async function planDeletion(db: Reader, id: string, reason: string): Promise<Plan> {
  const given = await db
    .selectFrom('fact')
    .select(['type', 'id'])
    .where('document', '=', id)
    .where('rev_to', '=', OPEN_END)
    .where('retracted', 'is', null)
    // In the same order whenever it is planned again: rows are numbered by it.
    .orderBy('row')
    .execute();
  const spokenOf = await amendedBy(db, id);
  const nothing: DossierContent = {
    id,
    publishedOn: null,
    facts: [],
    amendments: [],
    renames: [],
    retractions: [...given, ...spokenOf].map((fact) => ({ fact, reason })),
    problemAt: problemNowhere,
  };
  return planImport(db, nothing, { reason, firstRecorded: '', firstRevision: OPEN_END, revision: OPEN_END });
}
