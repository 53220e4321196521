/** Facts and index can be thrown away: the dossiers are kept as they came, and everything follows from them. */
import type { Store } from './open.ts';
import { asReader, clearSearch, exclusively } from './portable.ts';
import { searchSetting } from './versions.ts';
import { applyFacts, checkAgainst } from './write.ts';

/** Rebuilds facts and index from the dossiers as they were received, revision by revision. */
export function reindex(
  store: Store,
  onRevision: (done: number, of: number) => void = () => {},
): Promise<void> {
  return exclusively(store.writer, async (db) => {
    await db.deleteFrom('term').execute();
    await db.deleteFrom('span').execute();
    await clearSearch(db);
    await db.deleteFrom('fact').execute();
    await db.deleteFrom('identity').execute();
    const dossiers = await db.selectFrom('dossier').select(['id', 'rev_from']).orderBy('rev_from').execute();
    for (const [index, { id, rev_from }] of dossiers.entries()) {
      const { source, facts } = await db
        .selectFrom('dossier')
        .select(['source', 'facts'])
        .where('id', '=', id)
        .where('rev_from', '=', rev_from)
        .executeTakeFirstOrThrow();
      const { dossier, problems } = await checkAgainst(asReader(db), { id, source, facts });
      if (!dossier) {
        const [first] = problems;
        throw new Error(`revision ${rev_from}: dossier ${id} no longer passes: ${first?.message}`);
      }
      await applyFacts(db, rev_from, dossier, store.synonyms);
      onRevision(index + 1, dossiers.length);
    }
    await db
      .insertInto('setting')
      .values(searchSetting(store.synonyms))
      .onConflict((conflict) => conflict.column('name').doUpdateSet(searchSetting(store.synonyms)))
      .execute();
  });
}
