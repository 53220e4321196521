/** What becomes of facts of other dossiers that this one speaks about. */
import { isDeepStrictEqual } from 'node:util';
import type { Path } from '../../../dossier/parse-yaml.ts';
import { type Amendment, saidNoMore } from '../../../model/amendments.ts';
import { type FactBody, withRenamed } from '../../../model/fact-body.ts';
import { asSeen, type Contribution, withOthers } from '../contributions.ts';
import type { StoredVersion } from '../pending-versions.ts';
import { refuseReferences, refuseUnfit, refuseUnheard } from './conflicts.ts';
import type { Planning } from './context.ts';

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
  const [first] = amendments;
  const at: Path = first ? [first.kind, first.index] : ['retractions'];
  const target = targetOf(planning, key, at);
  if (!target || !isSetOnce(planning, key, amendments)) return;
  const said = planning.held.contributions.get(key) ?? { base: null, others: [] };
  const before = said.others.find(({ document }) => document === planning.dossier.id);
  if (target.retracted !== null && first && !before) {
    planning.report('retracted-fact', [...at, 'fact'], `${key} is retracted`);
    return;
  }
  if (first && before) refuseLess(planning, key, before.amendments, amendments);
  const base = withRenamed(said.base ?? (JSON.parse(target.body) as FactBody), planning.renamed);
  const others = said.others.filter((other) => other !== before);
  const mine = asSeen(base, others, placed(planning, amendments), before?.amendments ?? []);
  if (first) others.push(mine);
  const { type, id, document, reported_on: reportedOn } = target;
  const same = isDeepStrictEqual(before, first ? mine : undefined);
  if (!same) planning.contributions.push({ fact: { type, id }, home: { document, base }, others });
  // What was said of a fact that is withdrawn may still be put right, or taken back; the fact stays as it is.
  if (target.retracted !== null) return;
  const body = withOthers(base, others);
  const set = Object.assign({}, ...mine.amendments.map(({ fields }) => fields));
  planning.drafts.set(key, {
    type,
    id,
    previous: target,
    document,
    reportedOn,
    label: '',
    retracted: null,
    body,
  });
  refuseReferences(planning, { type, id }, { body: set, previous: target, at });
  refuseUnfit(planning, { type, id }, body, at);
  if (!same) refuseUnheard(planning, { type, id }, mine.amendments, body);
}

/** The fact of another dossier that is meant, or null and why there is none. */
function targetOf({ held, given, report }: Planning, key: string, at: Path): StoredVersion | null {
  const target = held.others.get(key) ?? null;
  if (held.home.has(key) || given.has(key)) {
    report('home-here', [...at, 'fact'], `${key} is a fact of this dossier: change it there`);
    return null;
  }
  if (!target) report('unknown-reference', [...at, 'fact'], `there is no fact ${key}`);
  return target;
}

/** What this dossier says, and where among the words of others it stands. */
const placed = ({ dossier, options, renamed }: Planning, amendments: Amendment[]): Contribution => ({
  document: dossier.id,
  day: dossier.publishedOn ?? options.firstRecorded,
  first_rev: options.firstRevision,
  amendments: withRenamed(amendments, renamed),
});

/** One of several words on a fact goes with a note: the fact may not even change by it, and nothing goes in silence. */
function refuseLess(
  { dossier, options, report }: Planning,
  key: string,
  before: Amendment[],
  now: Amendment[],
): void {
  const less = saidNoMore(before, now);
  if (less.length === 0 || options.reason !== null) return;
  const what = `some of what dossier ${dossier.id} said about ${less.join(', ')} of ${key}`;
  report('reason-missing', [], `${what} would be taken back: say why in a note`);
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
