/** What becomes of the facts that have their home in the dossier. */
import { isDeepStrictEqual } from 'node:util';
import type { DossierContent } from '../../../dossier/validate.ts';
import { keyOf, withRenamed } from '../../../model/fact-body.ts';
import { withOthers } from '../contributions.ts';
import { refuseReferences, refuseSilenced, refuseUnfit } from './conflicts.ts';
import { type Planning, placeOf } from './context.ts';

export function planFact(
  planning: Planning,
  { type, id, body }: DossierContent['facts'][number],
  index: number,
): void {
  const { dossier, held, renamed, drafts, report } = planning;
  const key = keyOf({ type, id });
  const previous = planning.moved.get(key) ?? held.home.get(key) ?? held.others.get(key) ?? null;
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
  refuseReferences(planning, { type, id }, { body: base, previous, at });
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
  const stays =
    previous?.id === id && previous.document === dossier.id && said?.others.length === others.length;
  if (said && !(stays && isDeepStrictEqual(said.base, base))) {
    planning.contributions.push({ fact: { type, id }, home: { document: dossier.id, base }, others });
  }
  if (!said || others.length === 0) {
    drafts.set(key, { ...draft, body: base });
    return;
  }
  const whole = withOthers(base, others);
  drafts.set(key, { ...draft, body: whole });
  refuseUnfit(planning, { type, id }, whole, at);
  refuseSilenced(planning, { type, id }, { base, before: said.base, whole, others, at });
}

/** None is dropped in silence. */
export function planLeftOut({ dossier, held, moved, drafts, report }: Planning): void {
  const gone = new Set([...moved.values()].map(keyOf));
  for (const [key, { retracted }] of held.home) {
    if (retracted !== null || drafts.has(key) || gone.has(key)) continue;
    report(
      'fact-left-out',
      ['facts'],
      `${key} is in the store and left out of dossier ${dossier.id}: give it, or list it under retractions with a reason`,
    );
  }
}
