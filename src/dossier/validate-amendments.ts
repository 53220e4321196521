/** Validation of entries about facts that the dossier does not, or no longer, define. */
import * as z from 'zod';
import { formatSuggestion } from '../lib/suggest.ts';
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

/** Authored entry of any kind; an entry of `adds` sets no fields. */
type AmendmentEntry = DossierOutline['adds'][number] & Partial<DossierOutline['corrects'][number]>;

/** Returns the valid entries of `adds`, `corrects` and `develops`. `rawDossier` is the dossier as parsed. */
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

/** Reports `__proto__` as an unknown field: zod drops this key from a record before it could be checked. */
function rejectProtoFields({ collector }: ValidationContext, rawDossier: unknown): void {
  for (const kind of AMENDMENT_KINDS) {
    const entries = (rawDossier as Record<string, { fields: object }[]>)[kind] ?? [];
    for (const [index, { fields = {} }] of entries.entries()) {
      if (!Object.hasOwn(fields, '__proto__')) continue;
      collector.add('unknown-field', [kind, index, 'fields', '__proto__'], 'there is no field __proto__');
    }
  }
}

/** Reports a field of a fact that two entries of the dossier set. */
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
        `${name} of ${refKey(entry.fact)} is already set, in ${otherEntryPath}`,
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
    const types = [...factTypesByName.keys()];
    const message = factType
      ? `${fact.type}: ${NOT_AMENDABLE_MESSAGES[kind]}`
      : `type ${JSON.stringify(fact.type)} is not one of ${types.join(', ')}${formatSuggestion(fact.type, types)}`;
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
      `there is no field ${name} here${formatSuggestion(name, names)}; allowed fields: ${names.join(', ')}`,
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
  adds: 'facts of this type have no evidence to add to',
  corrects: 'facts of this type can be corrected only in their home dossier',
  develops: 'facts of this type do not change over time; record a later one as a fact of its own',
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
    const allowedList = `allowed fields: ${allowed.join(', ')}${formatSuggestion(name, allowed)}`;
    const message =
      kind === 'develops'
        ? `${name} does not change over time: if the record was wrong, use corrects; ${allowedList}`
        : `${name} cannot be corrected; ${allowedList}`;
    collector.add('unknown-field', [...path, 'fields', name], message);
  }
  return disallowedNames.length === 0;
}

/** Reports facts that are retracted twice, or that are also defined or amended, and the document itself. */
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
    if (givenKeys.has(key)) collector.add('duplicate-id', path, `${key} is also defined under facts`);
    if (amendedKeys.has(key)) collector.add('duplicate-id', path, `${key} is also amended in this dossier`);
    if (retractedKeys.has(key)) collector.add('duplicate-id', path, `${key} is already retracted`);
    if (key === refKey({ type: 'document', id: dossierId })) {
      collector.add('invalid-field', path, 'a document cannot be retracted: delete the dossier instead');
    }
    retractedKeys.add(key);
  }
}

/** Reports old ids that are still defined, new ids that are neither defined nor retracted, and duplicates. */
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
        'a document cannot be renamed: its id is that of its dossier',
      );
    }
    if (givenKeys.has(oldKey))
      collector.add('duplicate-id', getPath('from'), `${oldKey} is still defined under facts`);
    if (!targetKeys.has(followRenames(newKeyByOldKey, oldKey))) {
      collector.add(
        'unknown-reference',
        getPath('to'),
        `${oldKey} is renamed to ${newKey}, which is not defined under facts`,
      );
    }
    if (renamedFromKeys.has(oldKey))
      collector.add('duplicate-id', getPath('from'), `${oldKey} is already renamed`);
    if (renamedToKeys.has(newKey))
      collector.add('duplicate-id', getPath('to'), `another fact is already renamed to ${newKey}`);
    renamedFromKeys.add(oldKey);
    renamedToKeys.add(newKey);
  }
}

/** Returns the last key of a chain of renames; for a cycle, some key in it. */
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
