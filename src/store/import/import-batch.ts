/** Importing a set of dossiers, whichever of them refer to which. */

import { readDossier } from '../../dossier/files.ts';
import { circleOf } from '../../dossier/import-cycles.ts';
import type { DossierFiles } from '../../dossier/validate.ts';
import { type CheckProblem, describeProblem } from '../../dossier/validation-errors.ts';
import type { Store } from '../open.ts';
import {
  checkAgainst,
  ImportConflict,
  type ImportOptions,
  type ImportOutcome,
  importDossier,
} from './import-dossier.ts';

/** A dossier that was imported. */
export interface Imported {
  folder: string;
  id: string;
  outcome: ImportOutcome;
}

/** A dossier that was not, and why. */
export interface Refused {
  folder: string;
  problems: CheckProblem[];
}

/** Some dossiers of a set were refused, whatever went before them; the others are imported. */
export class ImportsRefused extends Error {
  readonly refused: Refused[];
  /** The ids of those that refer to each other's facts, so that none of them can be the first. */
  readonly circle: string[];

  constructor(refused: Refused[], circle: string[]) {
    const lines = refused.flatMap(({ folder, problems }) =>
      problems.map((problem) => describeProblem(folder, problem)),
    );
    if (circle.length > 0) {
      lines.push(
        `${circle.join(', ')} refer to facts of each other in a circle, so none of them can be imported first: give the facts that they share in a dossier of its own`,
      );
    }
    super(lines.join('\n'));
    this.refused = refused;
    this.circle = circle;
  }
}

/**
 * Imports the dossiers in `folders`, and gives each as soon as it is in. What does not fit yet is tried again after the
 * others, which may bring the facts that it speaks of; if a whole round gets nowhere, `ImportsRefused` tells of all the rest.
 */
export async function* importAll(
  store: Store,
  folders: string[],
  optionsFor: (files: DossierFiles) => ImportOptions,
): AsyncGenerator<Imported> {
  for (let left = folders; left.length > 0; ) {
    const refused: Refused[] = [];
    for (const folder of left) {
      const files = readDossier(folder);
      const done = await attempt(store, files, optionsFor(files));
      if ('problems' in done) refused.push({ folder, ...done });
      else yield { folder, id: files.id, outcome: done };
    }
    if (refused.length === left.length) throw new ImportsRefused(refused, circleOf(waiting(refused)));
    left = refused.map(({ folder }) => folder);
  }
}

/** Those that lack a fact: whoever is refused for another reason waits for nobody. */
const waiting = (refused: Refused[]): DossierFiles[] =>
  refused
    .filter(({ problems }) => problems.some(({ code }) => code === 'unknown-reference'))
    .map(({ folder }) => readDossier(folder));

async function attempt(
  store: Store,
  files: DossierFiles,
  options: ImportOptions,
): Promise<ImportOutcome | { problems: CheckProblem[] }> {
  const { dossier, problems } = await checkAgainst(store, files);
  if (!dossier) return { problems };
  try {
    return await importDossier(store, dossier, options);
  } catch (error) {
    if (error instanceof ImportConflict) return { problems: error.problems };
    throw error;
  }
}
