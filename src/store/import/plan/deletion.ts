/** What deleting a dossier would do: its facts are retracted, and what it said about others is said no more. */
import type { DossierContent } from '../../../dossier/validate.ts';
import { createGlobalProblem } from '../../../dossier/validation-errors.ts';
import type { Reader } from '../../database.ts';
import { CURRENT } from '../../schema.ts';
import { findFactsAmendedBy } from '../contributions.ts';
import { type ImportPlan, planChanges } from './index.ts';

export async function planDeletion(db: Reader, id: string, reason: string): Promise<ImportPlan> {
  const ownFacts = await db
    .selectFrom('fact')
    .select(['type', 'id'])
    .where('document', '=', id)
    .where('rev_to', '=', CURRENT)
    .where('retracted', 'is', null)
    // In the same order whenever it is planned again: rows are numbered by it.
    .orderBy('row')
    .execute();
  const amendedFacts = await findFactsAmendedBy(db, id);
  const emptyContent: DossierContent = {
    id,
    publishedOn: null,
    facts: [],
    amendments: [],
    renames: [],
    retractions: [...ownFacts, ...amendedFacts].map((fact) => ({ fact, reason })),
    createProblem: createGlobalProblem,
  };
  return planChanges(db, emptyContent, {
    reason,
    firstRecordedOn: '',
    firstRevision: CURRENT,
    revision: CURRENT,
  });
}
