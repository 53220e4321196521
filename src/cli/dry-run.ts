/** Dry run of an import: the store is only read. */
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
  isStored,
  planImport,
  summarizePlan,
} from '../store/import/import-dossier.ts';
import type { ReadOnlyStore } from '../store/open.ts';

/** Changes that the import of one dossier would make. */
export interface DryRunResult extends Omit<ImportOutcome, 'revision'> {
  /** True if the store already has this exact dossier. */
  same: boolean;
  /** Dossiers that must be imported first; without them the changes cannot be computed. */
  after: string[];
}

/** Validated dossier. `dryRun` is missing if the dossier has problems or was not compared with a store. */
export interface CheckedWithDryRun extends ValidationResult {
  dryRun?: DryRunResult;
}

/**
 * Creates a function that compares a dossier with the contents of `store`. `dossierIdsByFact` maps the facts
 * of all dossiers to be imported together, as `type/id`, to the id of their dossier. `note` is the note of
 * the imports.
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
    if (await isStored(db, dossier.files)) {
      return { problems: [], dryRun: { ...EMPTY_RESULT, unchanged: dossier.facts.length, same: true } };
    }
    const plan = await planImport(db, dossier, note);
    if (plan.problems.length > 0) return { problems: plan.problems };
    return { problems: [], dryRun: { ...summarizePlan(plan), same: false, after: [] } };
  });
}

export function formatDryRun({ added, modified, retracted, unchanged, same, after }: DryRunResult): string[] {
  if (after.length > 0) return [`  dry run: import ${after.join(', ')} first`];
  if (same) return ['  dry run: no changes, the database already has this dossier'];
  const changes = [...added, ...modified, ...retracted];
  return [
    `  dry run: ${added.length} added, ${modified.length} modified, ${retracted.length} retracted, ${unchanged} unchanged`,
    ...changes.map(({ type, id, label, cause }) => `  ${cause} ${type}/${id} ${label}`),
  ];
}
