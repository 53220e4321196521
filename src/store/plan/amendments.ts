/** What becomes of facts of other dossiers that this one speaks about. */
import type { Path } from '../../dossier/yaml.ts';
import type { Amendment } from '../../facts/amendment.ts';
import { type FactBody, keyOf, withRenamed } from '../../facts/body.ts';
import type { Reference } from '../../facts/fields.ts';
import { type Contribution, withOthers } from '../contributions.ts';
import type { Planning } from './planning.ts';
import { refuseRetracted, refuseUnfit, refuseUnheard } from './refusals.ts';

/** What the dossier says about facts of others, and what it says no more. */
export function planAmendments(planning: Planning): void {
  const { dossier, held, drafts, report } = planning;
  const now = (fact: Reference) => held.renamed.get(keyOf(fact)) ?? fact;
  const given = planning.amendments;
  for (const [key, amendments] of given) planAmended(planning, key, amendments);
  const withdrawn = new Map(dossier.retractions.map(({ fact, reason }) => [keyOf(now(fact)), reason]));
  for (const [key, { others }] of held.contributions) {
    const mine = others.some(({ document }) => document === dossier.id);
    if (!mine || given.has(key) || held.home.has(key) || drafts.has(key)) continue;
    if (withdrawn.has(key)) planAmended(planning, key, []);
    else
      report(
        'fact-left-out',
        [],
        `what dossier ${dossier.id} said about ${key} is left out: give it, or list ${key} under retractions with a reason`,
      );
  }
}

function planAmended(planning: Planning, key: string, amendments: Amendment[]): void {
  const { dossier, options, held, renamed, drafts, report } = planning;
  const [first] = amendments;
  const at: Path = first ? [first.kind, first.index] : ['retractions'];
  const target = held.others.get(key);
  if (held.home.has(key) || dossier.facts.some((fact) => keyOf(fact) === key)) {
    report('home-here', [...at, 'fact'], `${key} is a fact of this dossier: change it there`);
    return;
  }
  if (!target) {
    report('unknown-reference', [...at, 'fact'], `there is no fact ${key}`);
    return;
  }
  const said = held.contributions.get(key) ?? { base: null, others: [] };
  const before = said.others.find(({ document }) => document === dossier.id);
  const words = withRenamed(amendments, renamed);
  const same = JSON.stringify(before?.amendments ?? []) === JSON.stringify(words);
  if (target.retracted !== null && first && !before) {
    report('retracted-fact', [...at, 'fact'], `${key} is retracted`);
    return;
  }
  const base = said.base ?? (JSON.parse(target.body) as FactBody);
  const mine: Contribution = {
    document: dossier.id,
    day: dossier.publishedOn ?? options.firstRecorded,
    first_rev: options.firstRevision,
    amendments: words,
  };
  const others = [...said.others.filter(({ document }) => document !== dossier.id), ...(first ? [mine] : [])];
  const body = withOthers(withRenamed(base, renamed), others);
  const { type, id, document, reported_on: reportedOn } = target;
  planning.contributions.push({ fact: { type, id }, home: { document, base }, others });
  // What was said of a fact that is withdrawn may still be put right, or taken back; the fact stays as it is.
  if (target.retracted !== null) return;
  drafts.set(key, { type, id, previous: target, document, reportedOn, label: '', retracted: null, body });
  refuseRetracted(
    planning,
    { type, id },
    { body: Object.assign({}, ...words.map(({ fields }) => fields)), previous: target, at },
  );
  refuseUnfit(planning, { type, id }, body, at);
  if (!same) refuseUnheard(planning, { type, id }, words, body);
}
