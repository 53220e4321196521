/** What becomes of facts of other dossiers that this one speaks about. */
import type { Path } from '../../dossier/yaml.ts';
import type { Amendment } from '../../facts/amendment.ts';
import { type FactBody, withRenamed } from '../../facts/body.ts';
import { type Contribution, withOthers } from '../contributions.ts';
import type { Planning } from './planning.ts';
import { refuseReferences, refuseUnfit, refuseUnheard } from './refusals.ts';

/** What the dossier says about facts of others, and what it says no more. */
export function planAmendments(planning: Planning): void {
  const { dossier, held, drafts, withdrawn, report } = planning;
  const given = planning.amendments;
  for (const [key, amendments] of given) planAmended(planning, key, amendments);
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
  if (held.home.has(key) || planning.given.has(key)) {
    report('home-here', [...at, 'fact'], `${key} is a fact of this dossier: change it there`);
    return;
  }
  if (!target) {
    report('unknown-reference', [...at, 'fact'], `there is no fact ${key}`);
    return;
  }
  if (!isSetOnce(planning, key, amendments)) return;
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
  refuseReferences(
    planning,
    { type, id },
    { body: Object.assign({}, ...words.map(({ fields }) => fields)), previous: target, at },
  );
  refuseUnfit(planning, { type, id }, body, at);
  if (!same) refuseUnheard(planning, { type, id }, words, body);
}

/** One word on each field: the check sees to it under one id, this under all that the fact has or had. */
function isSetOnce({ report }: Planning, key: string, amendments: Amendment[]): boolean {
  const setIn = new Map<string, string>();
  let once = true;
  for (const { kind, index, fields } of amendments) {
    for (const name of Object.keys(fields)) {
      const other = setIn.get(name);
      setIn.set(name, other ?? `${kind}/${index}`);
      if (other === undefined) continue;
      once = false;
      report('duplicate-id', [kind, index, 'fields', name], `${name} of ${key} is set already, in ${other}`);
    }
  }
  return once;
}
