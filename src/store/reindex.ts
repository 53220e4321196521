/** Facts and index can be thrown away: the dossiers are kept as they came, and everything follows from them. */
import type { Store } from './open.ts';
import { asReader, clearSearch } from './portable/index.ts';
import { rememberWords } from './versions.ts';
import { applyPlan, checkAgainst, planFor } from './write.ts';

/** Rebuilds facts and index from the dossiers as they were received, revision by revision. */
export function reindex(
  store: Store,
  onRevision: (done: number, of: number) => void = () => {},
): Promise<void> {
  return store.write(async (db) => {
    await db.deleteFrom('term').execute();
    await db.deleteFrom('span').execute();
    await clearSearch(db);
    await db.deleteFrom('fact').execute();
    await db.deleteFrom('contribution').execute();
    await db.deleteFrom('identity').execute();
    const dossiers = await db
      .selectFrom('dossier')
      .innerJoin('revision', 'n', 'rev_from')
      .select(['id', 'rev_from', 'note'])
      .orderBy('rev_from')
      .execute();
    // It reads what it has written so far, which no other transaction sees.
    const here: Pick<Store, 'read'> = { read: (work) => work(asReader(db)) };
    for (const [index, { id, rev_from, note }] of dossiers.entries()) {
      const { source, facts } = await db
        .selectFrom('dossier')
        .select(['source', 'facts'])
        .where('id', '=', id)
        .where('rev_from', '=', rev_from)
        .executeTakeFirstOrThrow();
      const { dossier, problems } = await checkAgainst(here, { id, source, facts });
      if (!dossier) {
        const [first] = problems;
        throw new Error(`revision ${rev_from}: dossier ${id} no longer passes: ${first?.message}`);
      }
      // Whatever was taken then needed no better reason than it had.
      const plan = await planFor(asReader(db), dossier, note, rev_from);
      const [conflict] = plan.problems;
      if (conflict)
        throw new Error(`revision ${rev_from}: dossier ${id} no longer fits: ${conflict.message}`);
      await applyPlan(db, rev_from, plan, store.synonyms);
      onRevision(index + 1, dossiers.length);
    }
    await rememberWords(db, store.synonyms);
  });
}
