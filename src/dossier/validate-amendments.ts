/** What a dossier says about facts that are not, or no longer, given in it. */
import * as z from 'zod';
import {
  AMENDMENT_KINDS,
  type Amendment,
  type AmendmentKind,
  getAmendableFields,
} from '../model/amendments.ts';
import { refKey } from '../model/fact-body.ts';
import type { FactType } from '../model/fact-type.ts';
import { factTypesByName } from '../model/types/index.ts';
import type { ValuePath } from './parse-yaml.ts';
import type { DossierOutline } from './schema.ts';
import {
  parseWithSchema,
  resolveQuotation,
  toStoredEvidence,
  type ValidationContext,
  validateFieldSupport,
} from './validate-fact.ts';

/** An entry as written; one that only adds sets no fields. */
type AmendmentEntry = DossierOutline['adds'][number] & Partial<DossierOutline['corrects'][number]>;

/** Everything under `adds`, `corrects` and `develops`, sound in itself; `written` is the dossier as it came. */
export function validateAmendments(
  context: ValidationContext,
  outline: DossierOutline,
  rawDossier: unknown,
): Amendment[] {
  rejectProtoFields(context, rawDossier);
  const entryPathByField = new Map<string, string>();
  return AMENDMENT_KINDS.flatMap((kind) =>
    outline[kind].flatMap((entry, index) => {
      const path = [kind, index];
      validateSetOnce(context, entry, path, entryPathByField);
      return validateAmendment(context, kind, entry, index) ?? [];
    }),
  );
}

/** A record loses a key `__proto__` as it is parsed: it is told of before that, as any other that is no field. */
function rejectProtoFields({ collector }: ValidationContext, rawDossier: unknown): void {
  for (const kind of AMENDMENT_KINDS) {
    const entries = (rawDossier as Record<string, { fields: object }[]>)[kind] ?? [];
    for (const [index, { fields = {} }] of entries.entries()) {
      if (!Object.hasOwn(fields, '__proto__')) continue;
      collector.add('unknown-field', [kind, index, 'fields', '__proto__'], 'there is no field __proto__');
    }
  }
}

/** One dossier says one thing about a field of another's fact. */
function validateSetOnce(
  { collector }: ValidationContext,
  entry: AmendmentEntry,
  path: ValuePath,
  entryPathByField: Map<string, string>,
): void {
  for (const name of Object.keys(entry.fields ?? {})) {
    const key = `${refKey(entry.fact)} ${name}`;
    const entryPath = path.join('/');
    const otherEntryPath = entryPathByField.get(key);
    if (otherEntryPath === undefined) entryPathByField.set(key, entryPath);
    else
      collector.add(
        'duplicate-id',
        [...path, 'fields', name],
        `${name} of ${refKey(entry.fact)} is set already, in ${otherEntryPath}`,
      );
  }
}

function validateAmendment(
  context: ValidationContext,
  kind: AmendmentKind,
  entry: AmendmentEntry,
  index: number,
): Amendment | null {
  const path = [kind, index];
  const { fact, reason = null, inferences = [] } = entry;
  const factType = factTypesByName.get(fact.type);
  const evidence = entry.evidence.flatMap(({ supports, ...quotation }, evidenceIndex) => {
    const resolved = resolveQuotation(context, quotation, [...path, 'evidence', evidenceIndex]);
    return resolved ? [toStoredEvidence(context, resolved.span, supports)] : [];
  });
  const allowedNames = factType ? listAllowedFields(kind, factType) : [];
  if (!factType || allowedNames.length === 0) {
    const types = [...factTypesByName.keys()].join(', ');
    const message = factType
      ? `${fact.type}: ${NOT_AMENDABLE_MESSAGES[kind]}`
      : `type ${JSON.stringify(fact.type)} is not one of ${types}`;
    context.collector.add('invalid-field', [...path, 'fact'], message);
    return null;
  }
  const names = entry.fields ? Object.keys(entry.fields) : allowedNames;
  if (
    !validateFieldNames(context, kind, {
      names: Object.keys(entry.fields ?? {}),
      allowed: allowedNames,
      path,
    })
  )
    return null;
  const supportLists = [
    ...entry.evidence.map(({ supports }, evidenceIndex) => ({
      names: supports,
      listPath: ['evidence', evidenceIndex, 'supports'],
    })),
    ...inferences.map(({ fields }, inferenceIndex) => ({
      names: fields,
      listPath: ['inferences', inferenceIndex, 'fields'],
    })),
  ];
  const unknownNames = supportLists.flatMap(({ names: listedNames, listPath }) =>
    listedNames.flatMap((name, nameIndex) =>
      names.includes(name) ? [] : [{ name, namePath: [...path, ...listPath, nameIndex] }],
    ),
  );
  for (const { name, namePath } of unknownNames) {
    context.collector.add(
      'unknown-field',
      namePath,
      `there is no field ${name} here; allowed are ${names.join(', ')}`,
    );
  }
  if (unknownNames.length > 0) return null;
  if (!entry.fields) return { kind, index, fact, fields: {}, evidence, inferences, reason };
  const shape = Object.fromEntries(names.map((name) => [name, factType.schema.shape[name] as z.ZodType]));
  const fields = parseWithSchema(context, z.strictObject(shape), entry.fields, [...path, 'fields']);
  if (!fields) return null;
  validateFieldSupport(context, factType, fields, supportLists, path);
  return { kind, index, fact, fields, evidence, inferences, reason };
}

const NOT_AMENDABLE_MESSAGES = {
  adds: 'only a fact that has evidence can be given more of it',
  corrects: 'such a fact is corrected where it stands',
  develops: 'no field of such a fact changes as the world moves on; each later word is a fact of its own',
};

function listAllowedFields(kind: AmendmentKind, factType: FactType): string[] {
  if (kind === 'develops') return factType.developableFields ?? [];
  return kind === 'adds' && factType.hasEvidence !== false
    ? factType.fieldNames
    : getAmendableFields(factType);
}

function validateFieldNames(
  { collector }: ValidationContext,
  kind: AmendmentKind,
  { names, allowed, path }: { names: string[]; allowed: string[]; path: ValuePath },
): boolean {
  const disallowedNames = names.filter((name) => !allowed.includes(name));
  for (const name of disallowedNames) {
    const allowedList = `allowed are ${allowed.join(', ')}`;
    const message =
      kind === 'develops'
        ? `${name} does not change as the world moves on: correct it, if it was wrong; ${allowedList}`
        : `there is no field ${name} that could be corrected; ${allowedList}`;
    collector.add('unknown-field', [...path, 'fields', name], message);
  }
  return disallowedNames.length === 0;
}

/** What is withdrawn is not given, and is withdrawn once. */
export function validateRetractions(
  { dossierId, collector }: ValidationContext,
  { retractions, adds, corrects, develops }: DossierOutline,
  factKeys: (string | null)[],
): void {
  const givenKeys = new Set(factKeys);
  const amendedKeys = new Set([...adds, ...corrects, ...develops].map(({ fact }) => refKey(fact)));
  const retractedKeys = new Set<string>();
  for (const [index, { fact }] of retractions.entries()) {
    const key = refKey(fact);
    const path = ['retractions', index, 'fact'];
    if (givenKeys.has(key)) collector.add('duplicate-id', path, `${key} is given under facts too`);
    if (amendedKeys.has(key)) collector.add('duplicate-id', path, `${key} is amended in this dossier too`);
    if (retractedKeys.has(key)) collector.add('duplicate-id', path, `${key} is retracted already`);
    if (key === refKey({ type: 'document', id: dossierId })) {
      collector.add(
        'invalid-field',
        path,
        'the document goes only with the whole dossier, when that is deleted',
      );
    }
    retractedKeys.add(key);
  }
}

/** What is renamed is given under its new id, or was withdrawn under it, and is given no more under the old one. */
export function validateRenames(
  { collector }: ValidationContext,
  { renames, retractions }: DossierOutline,
  factKeys: (string | null)[],
): void {
  const givenKeys = new Set(factKeys);
  const targetKeys = new Set([...factKeys, ...retractions.map(({ fact }) => refKey(fact))]);
  const renamedFromKeys = new Set<string>();
  const renamedToKeys = new Set<string>();
  const newKeyByOldKey = new Map(
    renames.map((each) => [refKey(each.from), refKey({ type: each.from.type, id: each.to })]),
  );
  for (const [index, rename] of renames.entries()) {
    const [oldKey, newKey] = [refKey(rename.from), refKey({ type: rename.from.type, id: rename.to })];
    const getPath = (name: string) => ['renames', index, name];
    if (rename.from.type === 'document') {
      collector.add(
        'invalid-field',
        getPath('from'),
        'the id of a document is that of its dossier, and stays',
      );
    }
    if (givenKeys.has(oldKey))
      collector.add('duplicate-id', getPath('from'), `${oldKey} is given under facts too`);
    if (!targetKeys.has(followRenames(newKeyByOldKey, oldKey))) {
      collector.add(
        'unknown-reference',
        getPath('to'),
        `${newKey} is not given under facts, as ${oldKey} is renamed to`,
      );
    }
    if (renamedFromKeys.has(oldKey))
      collector.add('duplicate-id', getPath('from'), `${oldKey} is renamed already`);
    if (renamedToKeys.has(newKey))
      collector.add('duplicate-id', getPath('to'), `another fact is renamed to ${newKey} already`);
    renamedFromKeys.add(oldKey);
    renamedToKeys.add(newKey);
  }
}

/** Where a chain of renames ends; of one that goes round, somewhere in it. */
function followRenames(newKeyByOldKey: ReadonlyMap<string, string>, startKey: string): string {
  const seenKeys = new Set<string>();
  let currentKey = startKey;
  for (
    let nextKey = newKeyByOldKey.get(currentKey);
    nextKey !== undefined && !seenKeys.has(nextKey);
    nextKey = newKeyByOldKey.get(currentKey)
  ) {
    seenKeys.add(nextKey);
    currentKey = nextKey;
  }
  return currentKey;
}
