/** Planning of a deletion: all facts of the dossier are retracted, and its amendments withdrawn. */
import { sql } from 'kysely';
import type { DossierContent } from '../../../dossier/validate.ts';
import { createGlobalProblem } from '../../../dossier/validation-errors.ts';
import type { Reference } from '../../../model/fields.ts';
import { query, type Reader } from '../../database.ts';
import { CURRENT } from '../../schema.ts';
import { findFactsAmendedBy } from '../contributions.ts';
import { type ImportPlan, planChanges } from './index.ts';

export async function planDeletion(db: Reader, id: string, reason: string): Promise<ImportPlan> {
  // A replay needs the same order, because it determines the row numbers.
  const ownFacts = await query(
    db,
    sql<Reference>`select type, id from fact
      where document = ${id} and rev_to = ${CURRENT} and retracted is null order by "row"`,
  );
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
