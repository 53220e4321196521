/** What the store's index holds of a fact: terms to filter, sort and count by, spans, and words. */
import { createHash } from 'node:crypto';
import type { Synonyms } from '../search/synonyms.ts';
import type { FactBody } from './fact-body.ts';
import type { Resource } from './fact-type.ts';
import type { Reference } from './fields.ts';
import { withoutPlaceholders } from './redaction.ts';
import { valuesAt } from './schema-fields.ts';

export interface Term {
  field: string;
  value: string;
  /** Of a reference: the type of what it refers to; `value` is then its id. */
  refType: string | null;
}

/** What a fact is indexed by, beside its resource and body. */
export interface Head {
  label: string;
  reportedOn: string | null;
}

/** The field under which a fact is found that has no value in `field`. */
export const absent = (field: string): string => `${field}?`;

/** The fields of a fact's period; no own field can have such a name. */
export const PERIOD_FROM = '$from';
export const PERIOD_TO = '$to';

/** Longer values are cut: no index takes keys of any length. A hash keeps them apart. */
const MAX_TERM_CODE_POINTS = 200;

export function termsOf(resource: Resource, body: FactBody, { label, reportedOn }: Head): Term[] {
  const period = resource.period?.(body as never, reportedOn);
  return [
    ...resource.indexedPaths.flatMap((path) => termsAt(path, valuesAt(body, path))),
    ...termsAt('label', [label]),
    ...termsAt('reportedOn', valuesAt({ reportedOn }, 'reportedOn')),
    ...(period ? [...termsAt(PERIOD_FROM, [period.from]), ...termsAt(PERIOD_TO, [period.to])] : []),
  ];
}

function termsAt(field: string, values: unknown[]): Term[] {
  if (values.length === 0) return [{ field: absent(field), value: '', refType: null }];
  const terms = values.map((value) => {
    if (typeof value === 'object') {
      const { type, id } = value as Reference;
      return { field, value: id, refType: type };
    }
    return { field, value: termValue(value as string | number | boolean), refType: null };
  });
  return terms.length === 1 ? terms : distinct(terms);
}

/** Terms of one field without those that are given already. */
const distinct = (terms: Term[]): Term[] => [
  ...new Map(terms.map((term) => [`${term.refType}\n${term.value}`, term])).values(),
];

/** A value as terms hold it, in an order that bytes keep: numbers too, and never longer than an index takes. */
export function termValue(value: string | number | boolean): string {
  if (typeof value === 'number') return sortableNumber(value);
  const text = String(value);
  if (text.length <= MAX_TERM_CODE_POINTS) return text;
  const points = Array.from(text);
  if (points.length <= MAX_TERM_CODE_POINTS) return text;
  return `${points.slice(0, MAX_TERM_CODE_POINTS).join('')}…${createHash('sha256').update(text).digest('hex')}`;
}

/** The bits of a double with the sign turned so that their hexadecimal digits sort as the numbers do. */
function sortableNumber(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  const bits = view.getBigUint64(0);
  const sign = 1n << 63n;
  const turned = bits & sign ? ~bits & 0xffff_ffff_ffff_ffffn : bits | sign;
  return turned.toString(16).padStart(16, '0');
}

/** The words by which search finds a fact: of its label, and of its own texts and evidence. */
export function searchWordsOf(
  resource: Resource,
  body: FactBody,
  label: string,
  synonyms: Synonyms,
): { label: string[]; text: string[] } {
  const wordsOf = (texts: string[]) => [
    // The same words stand in a fact more than once: as a field, as a part, as evidence.
    ...new Set([...new Set(texts)].flatMap((text) => synonyms.wordsFor(withoutPlaceholders(text)))),
  ];
  return {
    label: wordsOf([label]),
    text: wordsOf(searchedTexts(resource, body)),
  };
}

/** The texts of a fact that search looks into, its label aside. */
export function searchedTexts(resource: Resource, body: FactBody): string[] {
  const own = [...resource.fields.values()].flatMap(({ kind, path }) =>
    kind === 'text' ? valuesAt(body, path).map(String) : [],
  );
  return [...own, ...(body.evidence ?? []).map(({ exact }) => exact)];
}
