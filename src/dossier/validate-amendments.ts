/** What a dossier says about facts that are not, or no longer, given in it. */
import * as z from 'zod';
import { AMENDMENT_KINDS, type Amendment, type AmendmentKind, amendableFields } from '../model/amendments.ts';
import { keyOf } from '../model/fact-body.ts';
import type { Resource } from '../model/fact-type.ts';
import { resourceByType } from '../model/types/index.ts';
import type { Path } from './parse-yaml.ts';
import type { DossierOutline } from './schema.ts';
import { type Check, checkCarried, checkShape, locate, spanOf } from './validate-fact.ts';

/** An entry as written; one that only adds sets no fields. */
type Written = DossierOutline['adds'][number] & Partial<DossierOutline['corrects'][number]>;

/** Everything under `adds`, `corrects` and `develops`, sound in itself; `written` is the dossier as it came. */
export function checkAmendments(check: Check, outline: DossierOutline, written: unknown): Amendment[] {
  checkProto(check, written);
  const setBy = new Map<string, string>();
  return AMENDMENT_KINDS.flatMap((kind) =>
    outline[kind].flatMap((entry, index) => {
      const path = [kind, index];
      checkSetOnce(check, entry, path, setBy);
      return checkAmendment(check, kind, entry, index) ?? [];
    }),
  );
}

/** A record loses a key `__proto__` as it is parsed: it is told of before that, as any other that is no field. */
function checkProto({ report }: Check, written: unknown): void {
  for (const kind of AMENDMENT_KINDS) {
    const entries = (written as Record<string, { fields: object }[]>)[kind] ?? [];
    for (const [index, { fields = {} }] of entries.entries()) {
      if (!Object.hasOwn(fields, '__proto__')) continue;
      report.add('unknown-field', [kind, index, 'fields', '__proto__'], 'there is no field __proto__');
    }
  }
}

/** One dossier says one thing about a field of another's fact. */
function checkSetOnce({ report }: Check, entry: Written, path: Path, setBy: Map<string, string>): void {
  for (const name of Object.keys(entry.fields ?? {})) {
    const key = `${keyOf(entry.fact)} ${name}`;
    const place = path.join('/');
    const other = setBy.get(key);
    if (other === undefined) setBy.set(key, place);
    else
      report.add(
        'duplicate-id',
        [...path, 'fields', name],
        `${name} of ${keyOf(entry.fact)} is set already, in ${other}`,
      );
  }
}

function checkAmendment(check: Check, kind: AmendmentKind, entry: Written, index: number): Amendment | null {
  const path = [kind, index];
  const { fact, reason = null, inferences = [] } = entry;
  const resource = resourceByType.get(fact.type);
  const evidence = entry.evidence.flatMap(({ supports, ...quotation }, at) => {
    const found = locate(check, quotation, [...path, 'evidence', at]);
    return found ? [spanOf(check, found.place, supports)] : [];
  });
  const allowed = resource ? fieldsFor(kind, resource) : [];
  if (!resource || allowed.length === 0) {
    const types = [...resourceByType.keys()].join(', ');
    const message = resource
      ? `${fact.type}: ${REFUSED[kind]}`
      : `type ${JSON.stringify(fact.type)} is not one of ${types}`;
    check.report.add('invalid-field', [...path, 'fact'], message);
    return null;
  }
  const names = entry.fields ? Object.keys(entry.fields) : allowed;
  if (!checkNames(check, kind, { names: Object.keys(entry.fields ?? {}), allowed, path })) return null;
  const carriers = [
    ...entry.evidence.map(({ supports }, at) => ({ names: supports, at: ['evidence', at, 'supports'] })),
    ...inferences.map(({ fields }, at) => ({ names: fields, at: ['inferences', at, 'fields'] })),
  ];
  const strange = carriers.flatMap(({ names: given, at }) =>
    given.flatMap((name, nth) => (names.includes(name) ? [] : [{ name, at: [...path, ...at, nth] }])),
  );
  for (const { name, at } of strange) {
    check.report.add('unknown-field', at, `there is no field ${name} here; allowed are ${names.join(', ')}`);
  }
  if (strange.length > 0) return null;
  if (!entry.fields) return { kind, index, fact, fields: {}, evidence, inferences, reason };
  const shape = Object.fromEntries(names.map((name) => [name, resource.schema.shape[name] as z.ZodType]));
  const fields = checkShape(check, z.strictObject(shape), entry.fields, [...path, 'fields']);
  if (!fields) return null;
  checkCarried(check, resource, fields, carriers, path);
  return { kind, index, fact, fields, evidence, inferences, reason };
}

const REFUSED = {
  adds: 'only a fact that has evidence can be given more of it',
  corrects: 'such a fact is corrected where it stands',
  develops: 'no field of such a fact changes as the world moves on; each later word is a fact of its own',
};

function fieldsFor(kind: AmendmentKind, resource: Resource): string[] {
  if (kind === 'develops') return resource.developing ?? [];
  return kind === 'adds' && resource.sourced !== false ? resource.fieldNames : amendableFields(resource);
}

function checkNames(
  { report }: Check,
  kind: AmendmentKind,
  { names, allowed, path }: { names: string[]; allowed: string[]; path: Path },
): boolean {
  const refused = names.filter((name) => !allowed.includes(name));
  for (const name of refused) {
    const list = `allowed are ${allowed.join(', ')}`;
    const message =
      kind === 'develops'
        ? `${name} does not change as the world moves on: correct it, if it was wrong; ${list}`
        : `there is no field ${name} that could be corrected; ${list}`;
    report.add('unknown-field', [...path, 'fields', name], message);
  }
  return refused.length === 0;
}

/** What is withdrawn is not given, and is withdrawn once. */
export function checkRetractions(
  { id, report }: Check,
  { retractions, adds, corrects, develops }: DossierOutline,
  names: (string | null)[],
): void {
  const given = new Set(names);
  const amended = new Set([...adds, ...corrects, ...develops].map(({ fact }) => keyOf(fact)));
  const seen = new Set<string>();
  for (const [index, { fact }] of retractions.entries()) {
    const key = keyOf(fact);
    const path = ['retractions', index, 'fact'];
    if (given.has(key)) report.add('duplicate-id', path, `${key} is given under facts too`);
    if (amended.has(key)) report.add('duplicate-id', path, `${key} is amended in this dossier too`);
    if (seen.has(key)) report.add('duplicate-id', path, `${key} is retracted already`);
    if (key === keyOf({ type: 'document', id })) {
      report.add(
        'invalid-field',
        path,
        'the document goes only with the whole dossier, when that is deleted',
      );
    }
    seen.add(key);
  }
}

/** What is renamed is given under its new id, or was withdrawn under it, and is given no more under the old one. */
export function checkRenames(
  { report }: Check,
  { renames, retractions }: DossierOutline,
  names: (string | null)[],
): void {
  const given = new Set(names);
  const ends = new Set([...names, ...retractions.map(({ fact }) => keyOf(fact))]);
  const from = new Set<string>();
  const to = new Set<string>();
  const renamedTo = new Map(
    renames.map((each) => [keyOf(each.from), keyOf({ type: each.from.type, id: each.to })]),
  );
  for (const [index, renaming] of renames.entries()) {
    const [before, after] = [keyOf(renaming.from), keyOf({ type: renaming.from.type, id: renaming.to })];
    const at = (name: string) => ['renames', index, name];
    if (renaming.from.type === 'document') {
      report.add('invalid-field', at('from'), 'the id of a document is that of its dossier, and stays');
    }
    if (given.has(before)) report.add('duplicate-id', at('from'), `${before} is given under facts too`);
    if (!ends.has(lastName(renamedTo, before))) {
      report.add(
        'unknown-reference',
        at('to'),
        `${after} is not given under facts, as ${before} is renamed to`,
      );
    }
    if (from.has(before)) report.add('duplicate-id', at('from'), `${before} is renamed already`);
    if (to.has(after)) report.add('duplicate-id', at('to'), `another fact is renamed to ${after} already`);
    from.add(before);
    to.add(after);
  }
}

/** Where a chain of renames ends; of one that goes round, somewhere in it. */
function lastName(renamedTo: ReadonlyMap<string, string>, first: string): string {
  const seen = new Set<string>();
  let last = first;
  for (let next = renamedTo.get(last); next !== undefined && !seen.has(next); next = renamedTo.get(last)) {
    seen.add(next);
    last = next;
  }
  return last;
}
