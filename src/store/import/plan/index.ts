/** Plan of an import. It depends only on dossier and store, so a dry run shows it and a replay repeats it. */
import type { DossierContent } from '../../../dossier/validate.ts';
import type { ValidationProblem } from '../../../dossier/validation-errors.ts';
import { refKey } from '../../../model/fact-body.ts';
import type { Reference } from '../../../model/fields.ts';
import type { Reader } from '../../database.ts';
import { propagateLabels } from '../pending-versions.ts';
import { planAmendments } from './amendments.ts';
import { classifyChange } from './causes.ts';
import {
  type ImportPlan,
  loadStoredState,
  type PlanContext,
  type PlanOptions,
  type StoredState,
} from './context.ts';
import { planFact, planRemovedFacts } from './facts.ts';
import { planRenames } from './renames.ts';
import { planRetractions } from './retractions.ts';

export type { ImportPlan, PlannedChange, PlanOptions } from './context.ts';

export async function planChanges(
  db: Reader,
  dossier: DossierContent,
  options: PlanOptions,
): Promise<ImportPlan> {
  const problems: ValidationProblem[] = [];
  const stored = await loadStoredState(db, dossier);
  const context = createPlanContext(dossier, options, stored, problems);
  const renames = planRenames(context);
  for (const [index, fact] of dossier.facts.entries()) planFact(context, fact, index - 1);
  await planRetractions(db, context);
  planRemovedFacts(context);
  planAmendments(context);
  if (problems.length > 0) return { changes: [], unchanged: 0, renames, contributions: [], problems };
  await propagateLabels(db, context.pendingVersions, context.renamed);
  const changes = [...context.pendingVersions.values()].flatMap(
    (pendingVersion) => classifyChange(context, pendingVersion) ?? [],
  );
  const changedKeys = new Set(changes.map(({ pendingVersion }) => refKey(pendingVersion)));
  const unchanged = dossier.facts.filter((fact) => !changedKeys.has(refKey(fact))).length;
  return { changes, unchanged, renames, contributions: context.contributions, problems };
}

function createPlanContext(
  dossier: DossierContent,
  options: PlanOptions,
  stored: StoredState,
  problems: ValidationProblem[],
): PlanContext {
  const toCurrentKey = (fact: Reference) => refKey(stored.renamed.get(refKey(fact)) ?? fact);
  return {
    dossier,
    options,
    stored,
    renamed: new Map(stored.renamed),
    renamedFrom: new Map(),
    factPositions: new Map(dossier.facts.map((fact, index) => [refKey(fact), index - 1])),
    retractionReasons: new Map(dossier.retractions.map(({ fact, reason }) => [toCurrentKey(fact), reason])),
    amendments: Map.groupBy(dossier.amendments, ({ fact }) => toCurrentKey(fact)),
    pendingVersions: new Map(),
    contributions: [],
    report: (...problem) => problems.push(dossier.createProblem(...problem)),
  };
}
