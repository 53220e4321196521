/** Fills a store with an invented archive, by the very check and import that every dossier goes through. */

import type { ReportProgress } from '../src/lib/progress.ts';
import { importDossier, validateAgainstStore } from '../src/store/import/import-dossier.ts';
import type { Store } from '../src/store/open.ts';
import {
  type ArchiveOptions,
  countReports,
  type GeneratedDossier,
  generateArchive,
} from './fixtures/index.ts';

export interface ImportArchiveOptions extends ArchiveOptions {
  /** Is told how many reports are in. */
  onProgress?: ReportProgress;
}

export async function importGeneratedArchive(
  store: Store,
  { facts, seed, onProgress }: ImportArchiveOptions,
): Promise<void> {
  const reports = countReports(facts);
  const importedIds = new Set<string>();
  for (const dossier of generateArchive({ facts, seed })) {
    await importGeneratedDossier(store, dossier);
    importedIds.add(dossier.files.id);
    onProgress?.(importedIds.size, reports);
  }
}

/** Imports a dossier, which has no problems. */
export async function importGeneratedDossier(
  store: Store,
  { files, parsed, note }: GeneratedDossier,
): Promise<void> {
  const { dossier, problems } = await validateAgainstStore(store, files, parsed);
  if (!dossier) throw new Error(problems.map(({ message }) => `${files.id}: ${message}`).join('\n'));
  await importDossier(store, dossier, { author: 'bench', note });
}
