/** What an import into a store would do, told beforehand: the store is only read. */
import {
  type DossierFiles,
  type ValidatedDossier,
  type ValidationResult,
  validateDossier,
} from '../dossier/validate.ts';
import { refKey } from '../model/fact-body.ts';
import {
  findKnownFacts,
  type ImportOutcome,
  planImport,
  summarizePlan,
} from '../store/import/import-dossier.ts';
import type { ReadOnlyStore } from '../store/open.ts';
import { findCurrentDossier } from '../store/queries/dossiers.ts';

/** What the import of one dossier would do. */
export interface DryRunResult extends Omit<ImportOutcome, 'revision'> {
  /** The store has just this dossier already. */
  same: boolean;
  /** Dossiers that must be imported first: only then can be told what this one does. */
  after: string[];
}

/** A dossier that was checked; the forecast is there if it is sound and was held against a store. */
export interface CheckedWithDryRun extends ValidationResult {
  dryRun?: DryRunResult;
}

/**
 * Holds dossiers against what `store` has. `companions` are the facts of all dossiers that are to be imported together,
 * as `type/id`, with the id of their dossier; `note` is the note that the imports would have.
 */
export function createDryRun(
  store: Pick<ReadOnlyStore, 'read'>,
  dossierIdsByFact: Map<string, string>,
  note: string | null,
): (files: DossierFiles) => Promise<CheckedWithDryRun> {
  return async (files) => {
    const requiredDossiers = new Set<string>();
    const result = await validateDossier(files, async (references) => {
      const knownKeys = await store.read((db) => findKnownFacts(db, references));
      for (const key of references.map(refKey)) {
        const dossierId = dossierIdsByFact.get(key);
        if (dossierId === undefined || knownKeys.has(key)) continue;
        requiredDossiers.add(dossierId);
        knownKeys.add(key);
      }
      return knownKeys;
    });
    if (!result.dossier) return result;
    if (requiredDossiers.size > 0)
      return { ...result, dryRun: { ...EMPTY_RESULT, after: [...requiredDossiers].sort() } };
    return { ...result, ...(await simulateImport(store, result.dossier, note)) };
  };
}

const EMPTY_RESULT: DryRunResult = {
  added: [],
  modified: [],
  retracted: [],
  unchanged: 0,
  same: false,
  after: [],
};

async function simulateImport(
  store: Pick<ReadOnlyStore, 'read'>,
  dossier: ValidatedDossier,
  note: string | null,
): Promise<Pick<CheckedWithDryRun, 'problems'> & { dryRun?: DryRunResult }> {
  return store.read(async (db) => {
    const stored = await findCurrentDossier(db, dossier.id);
    if (stored?.source === dossier.files.source && stored.facts === dossier.files.facts) {
      return { problems: [], dryRun: { ...EMPTY_RESULT, unchanged: dossier.facts.length, same: true } };
    }
    const plan = await planImport(db, dossier, note);
    if (plan.problems.length > 0) return { problems: plan.problems };
    return { problems: [], dryRun: { ...summarizePlan(plan), same: false, after: [] } };
  });
}

/** The lines that tell of it. */
export function formatDryRun({ added, modified, retracted, unchanged, same, after }: DryRunResult): string[] {
  if (after.length > 0) return [`  an import would come after that of ${after.join(', ')}`];
  if (same) return ['  the store has just this: an import would do nothing'];
  const changes = [...added, ...modified, ...retracted];
  return [
    `  an import would do this: ${added.length} added, ${modified.length} modified, ${retracted.length} retracted, ${unchanged} unchanged`,
    ...changes.map(({ type, id, label, cause }) => `  ${cause} ${type}/${id} ${label}`),
  ];
}
