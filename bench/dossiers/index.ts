/**
 * An invented newsroom's archive of any size, with the first dossier's proportions: the same dossiers for the same number of
 * facts and seed, to the byte, on any machine.
 */
import { FACTS_PER_REPORT } from './quota.ts';
import { type MadeDossier, reportOf } from './report.ts';

export { ownId } from './draft.ts';
export { countsBefore, FACTS_PER_REPORT, type FactType, SHARES } from './quota.ts';
export { largeReport, type MadeDossier, reportOf } from './report.ts';

export interface ArchiveOptions {
  /** About how many facts, documents among them. */
  facts: number;
  seed: number;
}

/** Every so many reports one comes in again, soon after. */
const AGAIN_EVERY = 10;
const AGAIN_AFTER = 2;

/** How many reports have about so many facts. */
export const reportsFor = (facts: number): number => Math.max(1, Math.round(facts / FACTS_PER_REPORT));

/** The dossiers in the order in which they are imported; each may speak of those before it. */
export function* archive({ facts, seed }: ArchiveOptions): Generator<MadeDossier> {
  for (let n = 0; n < reportsFor(facts); n += 1) {
    yield reportOf({ seed, n });
    const again = n - AGAIN_AFTER;
    if (again % AGAIN_EVERY === 3) yield reportOf({ seed, n: again, edition: 2 });
  }
}
