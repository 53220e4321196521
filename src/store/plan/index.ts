/** What an import would do: worked out from dossier and store alone, so that it can be told beforehand and replayed. */
import type { DossierContent } from '../../dossier/check.ts';
import type { CheckProblem } from '../../dossier/report.ts';
import { keyOf } from '../../facts/body.ts';
import { settleLabels } from '../drafts.ts';
import type { Reader } from '../portable/index.ts';
import { planAmendments } from './amendments.ts';
import { changeOf } from './causes.ts';
import { planFact, planLeftOut, planRenames, planRetractions } from './facts.ts';
import { type Plan, type Planning, type PlanOptions, whatIsHeld } from './planning.ts';

export type { Plan, PlannedChange, PlanOptions } from './planning.ts';

export async function planImport(db: Reader, dossier: DossierContent, options: PlanOptions): Promise<Plan> {
  const problems: CheckProblem[] = [];
  const held = await whatIsHeld(db, dossier);
  const planning: Planning = {
    dossier,
    options,
    held,
    renamed: new Map(held.renamed),
    amendments: Map.groupBy(dossier.amendments, ({ fact }) => keyOf(held.renamed.get(keyOf(fact)) ?? fact)),
    drafts: new Map(),
    contributions: [],
    report: (...problem) => problems.push(dossier.problemAt(...problem)),
  };
  const renames = planRenames(planning);
  for (const [index, fact] of dossier.facts.entries()) planFact(planning, fact, index - 1, renames);
  planRetractions(planning);
  planLeftOut(planning, renames);
  planAmendments(planning);
  if (problems.length > 0) return { changes: [], unchanged: 0, renames, contributions: [], problems };
  await settleLabels(db, planning.drafts, planning.renamed);
  const changes = [...planning.drafts.values()].flatMap((draft) => changeOf(planning, draft) ?? []);
  const changed = new Set(changes.map(({ draft }) => keyOf(draft)));
  const unchanged = dossier.facts.filter((fact) => !changed.has(keyOf(fact))).length;
  return { changes, unchanged, renames, contributions: planning.contributions, problems };
}
