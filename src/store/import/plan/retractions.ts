/** What the dossier takes back: facts of its own, and what it said about those of others. */

import { parseYaml } from '../../../dossier/parse-yaml.ts';
import { contentOf } from '../../../dossier/redacted.ts';
import { DossierOutline } from '../../../dossier/schema.ts';
import type { Retraction } from '../../../dossier/validate.ts';
import { keyOf } from '../../../model/fact-body.ts';
import type { Reader } from '../../database.ts';
import type { Draft, StoredVersion } from '../pending-versions.ts';
import type { Planning } from './context.ts';

export async function planRetractions(db: Reader, planning: Planning): Promise<void> {
  const { dossier, given, held, drafts, amendments, report } = planning;
  const idle: { index: number; fact: Retraction['fact'] }[] = [];
  for (const [index, { fact, reason }] of dossier.retractions.entries()) {
    const key = keyOf(planning.renamed.get(keyOf(fact)) ?? fact);
    const at = ['retractions', index, 'fact'];
    const previous = held.home.get(key);
    if (given.has(key)) report('duplicate-id', at, `${key} is given under facts too`);
    else if (amendments.has(key)) report('duplicate-id', at, `${key} is amended in this dossier too`);
    else if (previous?.retracted === null) drafts.set(key, retraction(previous, reason));
    // One that is retracted already may stay listed.
    else if (!previous && !hasSpoken(planning, key)) idle.push({ index, fact });
  }
  if (idle.length === 0) return;
  const settled = await listedBefore(db, planning);
  for (const { index, fact } of idle) if (!settled.has(keyOf(fact))) refuseIdle(planning, index, fact);
}

const hasSpoken = ({ held, dossier }: Planning, key: string): boolean =>
  held.contributions.get(key)?.others.some(({ document }) => document === dossier.id) ?? false;

/** There is nothing to withdraw, and as far as the store knows there was not. */
function refuseIdle({ held, report }: Planning, index: number, fact: Retraction['fact']): void {
  const at = ['retractions', index, 'fact'];
  const now = held.renamed.get(keyOf(fact)) ?? fact;
  const home = held.identities.get(keyOf(now))?.document;
  if (home) {
    const message = `${keyOf(now)} has its home in dossier ${home}, and this one has said nothing about it`;
    report('home-elsewhere', at, message);
  } else if (held.home.size > 0) {
    report('unknown-reference', at, `there is no fact ${keyOf(fact)}`);
  }
}

/** What the dossier listed when it last came: git keeps such lists for ever, and what was taken then is settled. */
async function listedBefore(db: Reader, { dossier, options }: Planning): Promise<Set<string>> {
  const last = await db
    .selectFrom('dossier')
    .select(['facts', 'checked'])
    .where('id', '=', dossier.id)
    .where('rev_from', '<', options.revision)
    .orderBy('rev_from', 'desc')
    .limit(1)
    .executeTakeFirst();
  // Of a redacted one only what its check came to is left.
  if (last?.checked) return new Set(contentOf(last.checked).retractions.map(({ fact }) => keyOf(fact)));
  const { retractions } = (parseYaml(last?.facts ?? '').value ?? {}) as { retractions?: unknown };
  const { data = [] } = DossierOutline.shape.retractions.safeParse(retractions);
  return new Set(data.map(({ fact }) => keyOf(fact)));
}

function retraction(previous: StoredVersion, reason: string): Draft {
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
