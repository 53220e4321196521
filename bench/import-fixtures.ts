/** Fills a store with an invented archive, by the very check and import that every dossier goes through. */

import type { Progress } from '../src/lib/progress.ts';
import { checkAgainst, importDossier } from '../src/store/import/import-dossier.ts';
import type { Store } from '../src/store/open.ts';
import { type ArchiveOptions, archive, type MadeDossier, reportsFor } from './fixtures/index.ts';

export interface FillOptions extends ArchiveOptions {
  /** Is told how many reports are in. */
  onProgress?: Progress;
}

export async function fill(store: Store, { facts, seed, onProgress }: FillOptions): Promise<void> {
  const reports = reportsFor(facts);
  const seen = new Set<string>();
  for (const dossier of archive({ facts, seed })) {
    await add(store, dossier);
    seen.add(dossier.files.id);
    onProgress?.(seen.size, reports);
  }
}

/** Imports a dossier, which has no problems. */
export async function add(store: Store, { files, parsed, note }: MadeDossier): Promise<void> {
  const { dossier, problems } = await checkAgainst(store, files, parsed);
  if (!dossier) throw new Error(problems.map(({ message }) => `${files.id}: ${message}`).join('\n'));
  await importDossier(store, dossier, { author: 'bench', note });
}
