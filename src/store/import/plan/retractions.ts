/** Planning of retractions: the dossier's own facts, and its amendments to facts of others. */

import { sql } from 'kysely';
import { parseYaml } from '../../../dossier/parse-yaml.ts';
import { parseRedactedContent } from '../../../dossier/redacted.ts';
import { DossierOutline } from '../../../dossier/schema.ts';
import type { Retraction } from '../../../dossier/validate.ts';
import { refKey } from '../../../model/fact-body.ts';
import { query, type Reader } from '../../database.ts';
import type { Tables } from '../../schema.ts';
import type { PendingVersion, StoredVersion } from '../pending-versions.ts';
import type { PlanContext } from './context.ts';

export async function planRetractions(db: Reader, context: PlanContext): Promise<void> {
  const { dossier, factPositions, stored, pendingVersions, amendments, report } = context;
  const unmatched: { index: number; fact: Retraction['fact'] }[] = [];
  for (const [index, { fact, reason }] of dossier.retractions.entries()) {
    const key = refKey(context.renamed.get(refKey(fact)) ?? fact);
    const path = ['retractions', index, 'fact'];
    const previous = stored.home.get(key);
    if (factPositions.has(key)) report('duplicate-id', path, `${key} is also defined under facts`);
    else if (amendments.has(key)) report('duplicate-id', path, `${key} is also amended in this dossier`);
    else if (previous?.retracted === null) pendingVersions.set(key, createRetraction(previous, reason));
    // A fact that is already retracted may stay listed.
    else if (!previous && !hasAmended(context, key)) unmatched.push({ index, fact });
  }
  if (unmatched.length === 0) return;
  const previouslyListed = await findPreviousRetractions(db, context);
  for (const { index, fact } of unmatched)
    if (!previouslyListed.has(refKey(fact))) reportUnmatched(context, index, fact);
}

const hasAmended = ({ stored, dossier }: PlanContext, key: string): boolean =>
  stored.contributions.get(key)?.others.some(({ document }) => document === dossier.id) ?? false;

/** Reports a retraction of what is neither a fact nor an amendment of the dossier in the store. */
function reportUnmatched({ stored, report }: PlanContext, index: number, fact: Retraction['fact']): void {
  const path = ['retractions', index, 'fact'];
  const currentName = stored.renamed.get(refKey(fact)) ?? fact;
  const home = stored.identities.get(refKey(currentName))?.document;
  if (home) {
    const message = `${refKey(currentName)} has its home in dossier ${home}, and this dossier has not amended it`;
    report('home-elsewhere', path, message);
  } else if (stored.home.size > 0) {
    report('unknown-reference', path, `fact ${refKey(fact)} not found`);
  }
}

/** Finds the retractions of the previous import: files list them forever, and those were accepted then. */
async function findPreviousRetractions(db: Reader, { dossier, options }: PlanContext): Promise<Set<string>> {
  const [lastVersion] = await query(
    db,
    sql<Pick<Tables['dossier'], 'facts' | 'checked'>>`select facts, checked from dossier
      where id = ${dossier.id} and rev_from < ${options.revision} order by rev_from desc limit 1`,
  );
  // Only the validated content of a redacted dossier remains.
  if (lastVersion?.checked)
    return new Set(parseRedactedContent(lastVersion.checked).retractions.map(({ fact }) => refKey(fact)));
  const { retractions } = (parseYaml(lastVersion?.facts ?? '').value ?? {}) as { retractions?: unknown };
  const { data = [] } = DossierOutline.shape.retractions.safeParse(retractions);
  return new Set(data.map(({ fact }) => refKey(fact)));
}

function createRetraction(previous: StoredVersion, reason: string): PendingVersion {
  const { type, id, document, reported_on: reportedOn, label } = previous;
  return {
    type,
    id,
    previous,
    document,
    reportedOn,
    label,
    body: JSON.parse(previous.body),
    retracted: reason,
  };
}
