/** Import of several dossiers, in whatever order they refer to each other. */

import { getDossierId, readDossier, UnreadableDossierError } from '../../dossier/files.ts';
import { findCyclicDossierIds } from '../../dossier/import-cycles.ts';
import type { DossierFiles } from '../../dossier/validate.ts';
import { type FolderProblem, formatProblem } from '../../dossier/validation-errors.ts';
import type { Store } from '../open.ts';
import {
  ImportConflict,
  type ImportOptions,
  type ImportOutcome,
  importDossier,
  validateAgainstStore,
} from './import-dossier.ts';

export interface ImportedDossier {
  folder: string;
  id: string;
  outcome: ImportOutcome;
}

export interface RejectedDossier {
  folder: string;
  problems: FolderProblem[];
}

/** Some dossiers were rejected, in whatever order they were tried; all others have been imported. */
export class ImportBatchError extends Error {
  readonly rejected: RejectedDossier[];
  /** Ids of the dossiers that refer to each other's facts, so that none of them can be imported first. */
  readonly cycle: string[];

  constructor(rejected: RejectedDossier[], cycle: string[]) {
    const lines = rejected.flatMap(formatProblems);
    super([...lines, ...(cycle.length > 0 ? [formatCycle(cycle)] : [])].join('\n'));
    this.rejected = rejected;
    this.cycle = cycle;
  }

  /** The same messages for each folder. */
  describeFolders(): { folder: string; messages: string[] }[] {
    return this.rejected.map((dossier) => {
      const isInCycle = this.cycle.includes(getDossierId(dossier.folder));
      const messages = [...formatProblems(dossier), ...(isInCycle ? [formatCycle(this.cycle)] : [])];
      return { folder: dossier.folder, messages };
    });
  }
}

const formatProblems = ({ folder, problems }: RejectedDossier): string[] =>
  problems.map((problem) => formatProblem(folder, problem));

const formatCycle = (cycle: string[]): string =>
  `${cycle.join(', ')} refer to facts of each other in a cycle, so none of them can be imported first: move the facts that they share to a separate dossier`;

/**
 * Imports the dossiers in `folders` and yields each one once it is imported. A rejected dossier is tried
 * again after the others, which may bring the facts that it refers to. If a complete round imports nothing,
 * an `ImportBatchError` lists all remaining dossiers.
 */
export async function* importDossiers(
  store: Store,
  folders: string[],
  getOptions: (files: DossierFiles) => ImportOptions,
): AsyncGenerator<ImportedDossier> {
  for (let remaining = folders; remaining.length > 0; ) {
    const rejected: RejectedDossier[] = [];
    for (const folder of remaining) {
      const result = await tryImport(store, folder, getOptions);
      if ('problems' in result) rejected.push({ folder, ...result });
      else yield { folder, ...result };
    }
    if (rejected.length === remaining.length)
      throw new ImportBatchError(rejected, findCyclicDossierIds(readDossiersMissingFacts(rejected)));
    remaining = rejected.map(({ folder }) => folder);
  }
}

/** Reads the dossiers that lack a fact: only these wait for other dossiers. */
const readDossiersMissingFacts = (rejected: RejectedDossier[]): DossierFiles[] =>
  rejected
    .filter(({ problems }) => problems.some(({ code }) => code === 'unknown-reference'))
    .map(({ folder }) => readDossier(folder));

async function tryImport(
  store: Store,
  folder: string,
  getOptions: (files: DossierFiles) => ImportOptions,
): Promise<Omit<ImportedDossier, 'folder'> | { problems: FolderProblem[] }> {
  try {
    const files = readDossier(folder);
    const options = getOptions(files);
    const { dossier, problems } = await validateAgainstStore(store, files);
    return dossier ? { id: files.id, outcome: await importDossier(store, dossier, options) } : { problems };
  } catch (error) {
    if (error instanceof ImportConflict || error instanceof UnreadableDossierError)
      return { problems: error.problems };
    throw error;
  }
}
