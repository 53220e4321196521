/** What becomes of the facts that have their home in the dossier. */
import type { DossierContent } from '../../dossier/check.ts';
import { keyOf, withRenamed } from '../../facts/body.ts';
import { withOthers } from '../contributions.ts';
import type { Draft, StoredVersion } from '../drafts.ts';
import { elsewhere, type Plan, type Planning, placeOf } from './planning.ts';
import { refuseRetracted, refuseSilenced, refuseUnfit } from './refusals.ts';

/** The renames that are still to be done. */
export function planRenames({ dossier, held, renamed, report }: Planning): Plan['renames'] {
  return dossier.renames.flatMap(({ from, to }, index) => {
    const [before, after] = [keyOf(from), keyOf(to)];
    const fact = held.home.get(before);
    if (held.identities.get(before)?.renamed_to === to.id) return [];
    // A store that sees the dossier for the first time learns what its facts were called elsewhere.
    const isNews = held.home.size === 0 && !held.identities.has(before);
    if (!isNews && fact?.retracted !== null) {
      report(
        'unknown-reference',
        ['renames', index, 'from'],
        `${before} is no fact of this dossier${elsewhere(held, from)}`,
      );
      return [];
    }
    if (!isNews && (held.home.has(after) || held.identities.has(after))) {
      report(
        'renamed-fact',
        ['renames', index, 'to'],
        `there is or was a fact ${after} already${elsewhere(held, to)}`,
      );
      return [];
    }
    renamed.set(before, to);
    for (const [old, target] of renamed) if (keyOf(target) === before) renamed.set(old, to);
    return [{ from, to }];
  });
}

export function planFact(
  planning: Planning,
  { type, id, body }: DossierContent['facts'][number],
  index: number,
  renames: Plan['renames'],
): void {
  const { dossier, held, renamed, drafts, report } = planning;
  const key = keyOf({ type, id });
  const from = renames.find(({ to }) => keyOf(to) === key)?.from;
  const previous = held.home.get(from ? keyOf(from) : key) ?? held.others.get(key) ?? null;
  const at = placeOf(index);
  const now = held.renamed.get(key);
  if (now) {
    report('renamed-fact', [...at, 'id'], `${key} is called ${keyOf(now)} by now`);
    return;
  }
  if (previous && previous.document !== dossier.id && previous.retracted === null) {
    report(
      'home-elsewhere',
      [...at, 'id'],
      `${key} has its home in dossier ${previous.document}, and ${dossier.id} gives it too`,
    );
    return;
  }
  const base = withRenamed(body, renamed);
  refuseRetracted(planning, { type, id }, { body: base, previous, at });
  const draft = {
    type,
    id,
    previous,
    document: dossier.id,
    reportedOn: dossier.publishedOn,
    label: '',
    retracted: null,
  };
  const said = held.contributions.get(previous ? keyOf(previous) : key);
  // What this dossier said about it while it had its home elsewhere is now said by giving it.
  const others = (said?.others ?? [])
    .filter(({ document }) => document !== dossier.id)
    .map((each) => ({ ...each, amendments: withRenamed(each.amendments, renamed) }));
  if (said) planning.contributions.push({ fact: { type, id }, home: { document: dossier.id, base }, others });
  if (!said || others.length === 0) {
    drafts.set(key, { ...draft, body: base });
    return;
  }
  const whole = withOthers(base, others);
  drafts.set(key, { ...draft, body: whole });
  refuseUnfit(planning, { type, id }, whole, at);
  refuseSilenced(planning, { type, id }, { base, before: said.base, whole, others, at });
}

export function planRetractions({ dossier, held, drafts, report }: Planning): void {
  for (const [index, { fact, reason }] of dossier.retractions.entries()) {
    const key = keyOf(fact);
    const previous = held.home.get(key);
    if (previous?.retracted === null) drafts.set(key, retraction(previous, reason));
    const withdrawn = held.contributions.get(key)?.others.some(({ document }) => document === dossier.id);
    // One that is retracted already may stay listed.
    if (previous || withdrawn) continue;
    const other = held.identities.get(key)?.document;
    if (other && !held.others.has(key)) {
      report(
        'home-elsewhere',
        ['retractions', index, 'fact'],
        `${key} has its home in dossier ${other}, and this one has said nothing about it`,
      );
    } else if (!other && held.home.size > 0) {
      report('unknown-reference', ['retractions', index, 'fact'], `there is no fact ${key}`);
    }
  }
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

/** None is dropped in silence. */
export function planLeftOut({ dossier, held, drafts, report }: Planning, renames: Plan['renames']): void {
  const moved = new Set(renames.map(({ from }) => keyOf(from)));
  for (const [key, { retracted }] of held.home) {
    if (retracted !== null || drafts.has(key) || moved.has(key)) continue;
    report(
      'fact-left-out',
      ['facts'],
      `${key} is in the store and left out of dossier ${dossier.id}: give it, or list it under retractions with a reason`,
    );
  }
}
