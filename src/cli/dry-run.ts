/** What an import into a store would do, told beforehand: the store is only read. */
import {
  type CheckedDossier,
  type CheckResult,
  checkDossier,
  type DossierFiles,
} from '../dossier/validate.ts';
import { keyOf } from '../model/fact-body.ts';
import { existing, type ImportOutcome, outcomeOf, planFor } from '../store/import/import-dossier.ts';
import type { StoreToRead } from '../store/open.ts';
import { dossierNow } from '../store/queries/dossiers.ts';

/** What the import of one dossier would do. */
export interface Forecast extends Omit<ImportOutcome, 'revision'> {
  /** The store has just this dossier already. */
  same: boolean;
  /** Dossiers that must be imported first: only then can be told what this one does. */
  after: string[];
}

/** A dossier that was checked; the forecast is there if it is sound and was held against a store. */
export interface Examined extends CheckResult {
  forecast?: Forecast;
}

/**
 * Holds dossiers against what `store` has. `companions` are the facts of all dossiers that are to be imported together,
 * as `type/id`, with the id of their dossier; `note` is the note that the imports would have.
 */
export function forecasting(
  store: Pick<StoreToRead, 'read'>,
  companions: Map<string, string>,
  note: string | null,
): (files: DossierFiles) => Promise<Examined> {
  return async (files) => {
    const after = new Set<string>();
    const checked = await checkDossier(files, async (references) => {
      const known = await store.read((db) => existing(db, references));
      for (const key of references.map(keyOf)) {
        const companion = companions.get(key);
        if (companion === undefined || known.has(key)) continue;
        after.add(companion);
        known.add(key);
      }
      return known;
    });
    if (!checked.dossier) return checked;
    if (after.size > 0) return { ...checked, forecast: { ...NOTHING, after: [...after].sort() } };
    return { ...checked, ...(await planned(store, checked.dossier, note)) };
  };
}

const NOTHING: Forecast = { added: [], modified: [], retracted: [], unchanged: 0, same: false, after: [] };

async function planned(
  store: Pick<StoreToRead, 'read'>,
  dossier: CheckedDossier,
  note: string | null,
): Promise<Pick<Examined, 'problems'> & { forecast?: Forecast }> {
  return store.read(async (db) => {
    const stored = await dossierNow(db, dossier.id);
    if (stored?.source === dossier.files.source && stored.facts === dossier.files.facts) {
      return { problems: [], forecast: { ...NOTHING, unchanged: dossier.facts.length, same: true } };
    }
    const plan = await planFor(db, dossier, note);
    if (plan.problems.length > 0) return { problems: plan.problems };
    return { problems: [], forecast: { ...outcomeOf(plan), same: false, after: [] } };
  });
}

/** The lines that tell of it. */
export function linesOf({ added, modified, retracted, unchanged, same, after }: Forecast): string[] {
  if (after.length > 0) return [`  an import would come after that of ${after.join(', ')}`];
  if (same) return ['  the store has just this: an import would do nothing'];
  const touched = [...added, ...modified, ...retracted];
  return [
    `  an import would do this: ${added.length} added, ${modified.length} modified, ${retracted.length} retracted, ${unchanged} unchanged`,
    ...touched.map(({ type, id, label, cause }) => `  ${cause} ${type}/${id} ${label}`),
  ];
}
