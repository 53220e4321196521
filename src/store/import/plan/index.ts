/** What an import would do: worked out from dossier and store alone, so that it can be told beforehand and replayed. */
import type { DossierContent } from '../../../dossier/validate.ts';
import type { CheckProblem } from '../../../dossier/validation-errors.ts';
import { keyOf } from '../../../model/fact-body.ts';
import type { Reference } from '../../../model/fields.ts';
import type { Reader } from '../../database.ts';
import { settleLabels } from '../pending-versions.ts';
import { planAmendments } from './amendments.ts';
import { changeOf } from './causes.ts';
import { type Held, type Plan, type Planning, type PlanOptions, whatIsHeld } from './context.ts';
import { planFact, planLeftOut } from './facts.ts';
import { planRenames } from './renames.ts';
import { planRetractions } from './retractions.ts';

export type { Plan, PlannedChange, PlanOptions } from './context.ts';

export async function planImport(db: Reader, dossier: DossierContent, options: PlanOptions): Promise<Plan> {
  const problems: CheckProblem[] = [];
  const held = await whatIsHeld(db, dossier);
  const planning = planningOf(dossier, options, held, problems);
  const renames = planRenames(planning);
  for (const [index, fact] of dossier.facts.entries()) planFact(planning, fact, index - 1);
  await planRetractions(db, planning);
  planLeftOut(planning);
  planAmendments(planning);
  if (problems.length > 0) return { changes: [], unchanged: 0, renames, contributions: [], problems };
  await settleLabels(db, planning.drafts, planning.renamed);
  const changes = [...planning.drafts.values()].flatMap((draft) => changeOf(planning, draft) ?? []);
  const changed = new Set(changes.map(({ draft }) => keyOf(draft)));
  const unchanged = dossier.facts.filter((fact) => !changed.has(keyOf(fact))).length;
  return { changes, unchanged, renames, contributions: planning.contributions, problems };
}

function planningOf(
  dossier: DossierContent,
  options: PlanOptions,
  held: Held,
  problems: CheckProblem[],
): Planning {
  const now = (fact: Reference) => keyOf(held.renamed.get(keyOf(fact)) ?? fact);
  return {
    dossier,
    options,
    held,
    renamed: new Map(held.renamed),
    moved: new Map(),
    given: new Map(dossier.facts.map((fact, index) => [keyOf(fact), index - 1])),
    withdrawn: new Map(dossier.retractions.map(({ fact, reason }) => [now(fact), reason])),
    amendments: Map.groupBy(dossier.amendments, ({ fact }) => now(fact)),
    drafts: new Map(),
    contributions: [],
    report: (...problem) => problems.push(dossier.problemAt(...problem)),
  };
}
