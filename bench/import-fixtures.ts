/** Import of generated dossiers, with the same validation as any other import. */

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
  /** Called with the number of imported reports. */
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

/** Imports a dossier, and throws if validation finds a problem. */
export async function importGeneratedDossier(
  store: Store,
  { files, parsed, note }: GeneratedDossier,
): Promise<void> {
  const { dossier, problems } = await validateAgainstStore(store, files, parsed);
  if (!dossier) throw new Error(problems.map(({ message }) => `${files.id}: ${message}`).join('\n'));
  await importDossier(store, dossier, { author: 'bench', note });
}
