/** Real servers for browsers, each with a separate store. */

import { readDossier } from '../../src/dossier/files.ts';
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import type { Store } from '../../src/store/open.ts';
import { createApp, createStore, importInto } from '../support/app.ts';
import { buildDossier, buildDossierHistory, SAMPLE_DOSSIER_FOLDERS } from '../support/dossier-builder.ts';

export const BRUSSELS = 'brussels-2022-03-24';

/** Starts a server for the store and returns its URL. The server stops at the end of the test file. */
export async function startSite(store: Store): Promise<string> {
  const app = await createApp(store);
  return app.listen({ host: '127.0.0.1', port: 0 });
}

export async function startSiteWith(dossiers: DossierFiles[]): Promise<string> {
  const store = await createStore();
  for (const dossier of dossiers) await importInto(store, dossier);
  return startSite(store);
}

/** Site with only the first dossier. */
export const startOneDossierSite = (): Promise<string> =>
  startSiteWith([readDossier(SAMPLE_DOSSIER_FOLDERS[0])]);

/** Site with the first dossier, the one that corrects it, and the one that develops it. */
export const startThreeDossierSite = (): Promise<string> =>
  startSiteWith(SAMPLE_DOSSIER_FOLDERS.map(readDossier));

/** Site before the first import. */
export const startEmptySite = async (): Promise<string> => startSite(await createStore());

/** Site with corrected, retracted and renamed facts, a text limited to excerpts, and a redacted text. */
export async function startHistorySite(): Promise<string> {
  const store = await createStore();
  const extraDossiers = [buildSideDossier('excerpts', 'excerpts'), buildSideDossier('gone', 'full')];
  for (const dossier of [...buildDossierHistory(), ...extraDossiers]) await importInto(store, dossier);
  await redactDocument(store, 'gone', { author: 'a tester', reason: 'Its holder asked for that' });
  return startSite(store);
}

/** Words of `excerpts` that no page may contain. */
export const HIDDEN_SENTENCE = 'Nothing of all this is the business of anybody else';

const buildSideDossier = (id: string, display: 'full' | 'excerpts'): DossierFiles =>
  buildDossier({
    id,
    source: `${HIDDEN_SENTENCE}, nor was it ever meant to be.\nThey spoke of roads at length.\nIlze Ābele chairs the council.\n`,
    document: { title: `Of the ${id}`, rights: { statement: 'Lent', display } },
    adds: [{ fact: 'person/ilze-abele', evidence: [{ quote: 'Ilze Ābele', supports: ['name'] }] }],
    uncovered: [
      { quote: `${HIDDEN_SENTENCE}, nor was it ever meant to be`, reason: 'Nothing is drawn from it' },
      { quote: 'They spoke of roads at length', reason: 'Nor from this' },
    ],
  });
