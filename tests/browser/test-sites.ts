/** Real servers, each on a store of its own, for browsers to ask. */

import { readDossier } from '../../src/dossier/files.ts';
import type { DossierFiles } from '../../src/dossier/validate.ts';
import { redactDocument } from '../../src/store/import/redact.ts';
import type { Store } from '../../src/store/open.ts';
import { appOn, emptyStore, importInto } from '../support/app.ts';
import { dossierOf, eventfulHistory, SHARED_DOSSIERS } from '../support/dossier-builder.ts';

export const BRUSSELS = 'brussels-2022-03-24';

/** Where the store is served; it ends with the test file. */
export async function siteOn(store: Store): Promise<string> {
  const app = await appOn(store);
  return app.listen({ host: '127.0.0.1', port: 0 });
}

export async function siteOf(dossiers: DossierFiles[]): Promise<string> {
  const store = await emptyStore();
  for (const dossier of dossiers) await importInto(store, dossier);
  return siteOn(store);
}

/** The first dossier alone. */
export const siteOfOne = (): Promise<string> => siteOf([readDossier(SHARED_DOSSIERS[0])]);

/** With the one that corrects it, and the one that develops it. */
export const siteOfThree = (): Promise<string> => siteOf(SHARED_DOSSIERS.map(readDossier));

/** Before anything is imported. */
export const emptySite = async (): Promise<string> => siteOn(await emptyStore());

/** Facts that were corrected, withdrawn and renamed; a text that is shown in part (`excerpts`), and one that was taken out (`gone`). */
export async function eventfulSite(): Promise<string> {
  const store = await emptyStore();
  const more = [aside('excerpts', 'excerpts'), aside('gone', 'full')];
  for (const dossier of [...eventfulHistory(), ...more]) await importInto(store, dossier);
  await redactDocument(store, 'gone', { author: 'a tester', reason: 'Its holder asked for that' });
  return siteOn(store);
}

/** Words of `excerpts` that nobody is to be shown. */
export const SECRET = 'Nothing of all this is the business of anybody else';

const aside = (id: string, display: 'full' | 'excerpts'): DossierFiles =>
  dossierOf({
    id,
    source: `${SECRET}, nor was it ever meant to be.\nThey spoke of roads at length.\nIlze Ābele chairs the council.\n`,
    document: { title: `Of the ${id}`, rights: { statement: 'Lent', display } },
    adds: [{ fact: 'person/ilze-abele', evidence: [{ quote: 'Ilze Ābele', supports: ['name'] }] }],
    uncovered: [
      { quote: `${SECRET}, nor was it ever meant to be`, reason: 'Nothing is drawn from it' },
      { quote: 'They spoke of roads at length', reason: 'Nor from this' },
    ],
  });
