/** What a dossier must not do to what the store holds. */
import type { Path } from '../../../dossier/parse-yaml.ts';
import { type Amendment, uncarriedFields } from '../../../model/amendments.ts';
import { contentChanged } from '../../../model/change.ts';
import { type FactBody, isFilled, keyOf, referencesIn } from '../../../model/fact-body.ts';
import type { Reference } from '../../../model/fields.ts';
import { isPlaceholder } from '../../../model/redaction.ts';
import { resourceOf } from '../../../model/types/index.ts';
import type { Contribution } from '../contributions.ts';
import type { StoredVersion } from '../pending-versions.ts';
import { distinct, type Planning } from './context.ts';

/** Whether two values are the same, as far as can be told where the words of one were redacted. */
const mayBeSame = (a: unknown, b: unknown): boolean =>
  isPlaceholder(a) || isPlaceholder(b) || JSON.stringify(a) === JSON.stringify(b);

/** A change of one's own fact that another dossier's correction leaves without effect. */
export function refuseSilenced(
  { report }: Planning,
  fact: Reference,
  {
    base,
    before,
    whole,
    others,
    at,
  }: { base: FactBody; before: FactBody | null; whole: FactBody; others: Contribution[]; at: Path },
): void {
  if (!before) return;
  for (const name of contentChanged(resourceOf(fact.type), before, base)) {
    if (mayBeSame(whole[name], base[name])) continue;
    const by = others.find(({ amendments }) =>
      amendments.some(({ kind, fields }) => kind === 'corrects' && name in fields),
    );
    if (!by) continue;
    report(
      'later-word',
      [...at, name],
      `${name} of ${keyOf(fact)} is corrected by dossier ${by.document}, which this would not change`,
    );
  }
}

/** References to the fact itself, and to what is withdrawn, but for those that the fact has had since before. */
export function refuseReferences(
  { given, withdrawn, held, report }: Planning,
  fact: Reference,
  { body, previous, at }: { body: Record<string, unknown>; previous: StoredVersion | null; at: Path },
): void {
  const before = new Set(previous ? referencesIn(JSON.parse(previous.body)).map(keyOf) : []);
  for (const reference of distinct(referencesIn(body))) {
    const key = keyOf(reference);
    // The check sees to it where the fact goes by one id, this where it has or had several.
    if (key === keyOf(fact)) report('self-reference', at, `${key} refers to itself`);
    const there = held.home.get(key) ?? held.identities.get(key);
    const isGone = there?.retracted != null && !before.has(key) && !given.has(key);
    const goes = withdrawn.has(key) && held.home.has(key);
    if (isGone || goes) report('retracted-fact', at, `${keyOf(fact)} refers to ${key}, which is retracted`);
  }
}

/** What a fact has become by words of several dossiers must hold together as if one had given it. */
export function refuseUnfit({ report }: Planning, fact: Reference, body: FactBody, at: Path): void {
  const resource = resourceOf(fact.type);
  const { evidence = [], inferences } = body;
  if (evidence.length === 0) report('unsupported-field', at, `${keyOf(fact)} would be left without evidence`);
  const carriers = [
    ...evidence.flatMap(({ supports }) => supports),
    ...inferences.flatMap(({ fields }) => fields),
  ];
  for (const name of uncarriedFields(resource, body, carriers)) {
    report('unsupported-field', at, `${name} of ${keyOf(fact)} would be carried by nothing`);
  }
  const empty = new Set(
    carriers.filter((name) => !resource.fieldNames.includes(name) || !isFilled(body[name])),
  );
  for (const name of empty)
    report('empty-field', at, `${name} of ${keyOf(fact)} is empty, so nothing can carry it`);
  const words = evidence.map(({ exact }) => exact);
  // What was redacted cannot be held against words that are gone.
  if (words.some(isPlaceholder)) return;
  for (const { path, message } of resource.rules?.(body as never, words) ?? []) {
    report('invalid-field', at, `${keyOf(fact)} would not hold together: ${path.join('.')} ${message}`);
  }
}

/** A correction that a later word of another dossier leaves without effect. */
export function refuseUnheard(
  { report }: Planning,
  fact: Reference,
  amendments: Amendment[],
  body: FactBody,
): void {
  for (const { kind, index, fields } of amendments) {
    if (kind !== 'corrects') continue;
    for (const [name, value] of Object.entries(fields)) {
      if (mayBeSame(body[name], value)) continue;
      report(
        'later-word',
        [kind, index, 'fields', name],
        `a dossier published later has another word on ${name} of ${keyOf(fact)}`,
      );
    }
  }
}
