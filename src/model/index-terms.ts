/** What the store's index holds of a fact: terms to filter, sort and count by, spans, and words. */
import { createHash } from 'node:crypto';
import type { Synonyms } from '../search/synonyms.ts';
import type { FactBody } from './fact-body.ts';
import type { FactType } from './fact-type.ts';
import type { Reference } from './fields.ts';
import { stripPlaceholders } from './redaction.ts';
import { getValuesAtPath } from './schema-fields.ts';

export interface Term {
  field: string;
  value: string;
  /** Of a reference: the type of what it refers to; `value` is then its id. */
  refType: string | null;
}

/** What a fact is indexed by, beside its resource and body. */
export interface IndexHeader {
  label: string;
  reportedOn: string | null;
}

/** The field under which a fact is found that has no value in `field`. */
export const toMissingField = (field: string): string => `${field}?`;

/** The fields of a fact's period; no own field can have such a name. */
export const PERIOD_FROM = '$from';
export const PERIOD_TO = '$to';

/** Longer values are cut: no index takes keys of any length. A hash keeps them apart. */
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

/** Terms of one field without those that are given already. */
const removeDuplicates = (terms: Term[]): Term[] => [
  ...new Map(terms.map((term) => [`${term.refType}\n${term.value}`, term])).values(),
];

/** A value as terms hold it, in an order that bytes keep: numbers too, and never longer than an index takes. */
export function toTermValue(value: string | number | boolean): string {
  if (typeof value === 'number') return toSortableHex(value);
  const text = String(value);
  if (text.length <= MAX_TERM_CODE_POINTS) return text;
  const codePoints = Array.from(text);
  if (codePoints.length <= MAX_TERM_CODE_POINTS) return text;
  return `${codePoints.slice(0, MAX_TERM_CODE_POINTS).join('')}…${createHash('sha256').update(text).digest('hex')}`;
}

/** The bits of a double with the sign turned so that their hexadecimal digits sort as the numbers do. */
function toSortableHex(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  const bits = view.getBigUint64(0);
  const signBit = 1n << 63n;
  const sortable = bits & signBit ? ~bits & 0xffff_ffff_ffff_ffffn : bits | signBit;
  return sortable.toString(16).padStart(16, '0');
}

/** The words by which search finds a fact: of its label, and of its own texts and evidence. */
export function collectSearchWords(
  factType: FactType,
  body: FactBody,
  label: string,
  synonyms: Synonyms,
): { label: string[]; text: string[] } {
  const collectWords = (texts: string[]) => [
    // The same words stand in a fact more than once: as a field, as a part, as evidence.
    ...new Set([...new Set(texts)].flatMap((text) => synonyms.tokenizeText(stripPlaceholders(text)))),
  ];
  return {
    label: collectWords([label]),
    text: collectWords(collectSearchTexts(factType, body)),
  };
}

/** The texts of a fact that search looks into, its label aside. */
export function collectSearchTexts(factType: FactType, body: FactBody): string[] {
  const ownTexts = [...factType.fieldsByPath.values()].flatMap(({ kind, path }) =>
    kind === 'text' ? getValuesAtPath(body, path).map(String) : [],
  );
  return [...ownTexts, ...(body.evidence ?? []).map(({ exact }) => exact)];
}
