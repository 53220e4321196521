/** Index entries of a fact: terms to filter, sort and count by, and words to search for. */
import { createHash } from 'node:crypto';
import { removeInvisibleCharacters } from '../lib/invisible-characters.ts';
import type { Synonyms } from '../search/synonyms.ts';
import type { FactBody } from './fact-body.ts';
import type { FactType } from './fact-type.ts';
import type { Reference } from './fields.ts';
import { stripPlaceholders } from './redaction.ts';
import { getValuesAtPath } from './schema-fields.ts';

export interface Term {
  field: string;
  value: string;
  /** Type of the referenced fact, whose id is in `value`; null if the value is not a reference. */
  refType: string | null;
}

/** Metadata that a fact is indexed by, in addition to its type and body. */
export interface IndexHeader {
  label: string;
  reportedOn: string | null;
}

/** Returns the name under which facts without a value in `field` are indexed. */
export const toMissingField = (field: string): string => `${field}?`;

/** Names under which a fact's period is indexed; no own field can have such a name. */
export const PERIOD_FROM = '$from';
export const PERIOD_TO = '$to';

/** Maximum length of a term, because databases limit index keys. A hash keeps truncated values distinct. */
const MAX_TERM_CODE_POINTS = 200;

export function createTerms(factType: FactType, body: FactBody, { label, reportedOn }: IndexHeader): Term[] {
  const period = factType.getPeriod?.(body as never, reportedOn);
  return [
    ...factType.indexedPaths.flatMap((path) => createFieldTerms(path, getValuesAtPath(body, path))),
    ...createFieldTerms('label', [label]),
    ...createFieldTerms('reportedOn', getValuesAtPath({ reportedOn }, 'reportedOn')),
    ...(period
      ? [...createFieldTerms(PERIOD_FROM, [period.from]), ...createFieldTerms(PERIOD_TO, [period.to])]
      : []),
  ];
}

function createFieldTerms(field: string, values: unknown[]): Term[] {
  if (values.length === 0) return [{ field: toMissingField(field), value: '', refType: null }];
  const terms = values.map((value) => {
    if (typeof value === 'object') {
      const { type, id } = value as Reference;
      return { field, value: id, refType: type };
    }
    return { field, value: toTermValue(value as string | number | boolean), refType: null };
  });
  return terms.length === 1 ? terms : removeDuplicates(terms);
}

/** Removes duplicates from the terms of one field. */
const removeDuplicates = (terms: Term[]): Term[] => [
  ...new Map(terms.map((term) => [`${term.refType}\n${term.value}`, term])).values(),
];

/**
 * Converts a value to a term of limited length, without invisible characters. Terms sort by bytes as their values
 * do, numbers included.
 */
export function toTermValue(value: string | number | boolean): string {
  if (typeof value === 'number') return toSortableHex(value);
  const text = removeInvisibleCharacters(String(value));
  if (text.length <= MAX_TERM_CODE_POINTS) return text;
  const codePoints = Array.from(text);
  if (codePoints.length <= MAX_TERM_CODE_POINTS) return text;
  return `${codePoints.slice(0, MAX_TERM_CODE_POINTS).join('')}…${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * Converts a double to hexadecimal digits that sort in numeric order. Inverts the sign bit of a positive
 * number, and all bits of a negative one.
 */
function toSortableHex(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  const bits = view.getBigUint64(0);
  const signBit = 1n << 63n;
  const sortable = bits & signBit ? ~bits & 0xffff_ffff_ffff_ffffn : bits | signBit;
  return sortable.toString(16).padStart(16, '0');
}

/** Collects the words by which search finds a fact: from its label, and from its texts and evidence. */
export function collectSearchWords(
  factType: FactType,
  body: FactBody,
  label: string,
  synonyms: Synonyms,
): { label: string[]; text: string[] } {
  const collectWords = (texts: string[]) => [
    // A fact repeats texts, as a field, a part and evidence, so each distinct text is tokenized once.
    ...new Set([...new Set(texts)].flatMap((text) => synonyms.tokenizeText(stripPlaceholders(text)))),
  ];
  return {
    label: collectWords([label]),
    text: collectWords(collectSearchTexts(factType, body)),
  };
}

/** Collects the texts of a fact that search covers, without its label. */
export function collectSearchTexts(factType: FactType, body: FactBody): string[] {
  const ownTexts = [...factType.fieldsByPath.values()].flatMap(({ kind, path }) =>
    kind === 'text' ? getValuesAtPath(body, path).map(String) : [],
  );
  return [...ownTexts, ...(body.evidence ?? []).map(({ exact }) => exact)];
}
