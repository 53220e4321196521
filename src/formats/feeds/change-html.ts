/** A change as people read it: why, and what each field said before and says since. */
import { isDeepStrictEqual } from 'node:util';
import { type Html, html, isolated, joined } from '../../lib/html.ts';
import type { Cause, FieldChange } from '../../model/change.ts';
import type { Fact } from '../../model/response-schemas.ts';

interface Change {
  fact: Fact;
  cause: Cause;
  reason?: string;
  /** The dossier that made it. */
  document: string | null;
  fields: FieldChange[];
}

/** Why a version came about, in words. */
export const CAUSE_WORDS: Record<Cause, string> = {
  addition: 'New in the record',
  development: 'The world moved on',
  correction: 'The record was wrong',
  retraction: 'Withdrawn',
  editorial: 'Evidence, notes or labels changed',
};

export function changeAsHtml({ fact, cause, reason, document, fields }: Change): Html {
  const { type, id, version, revision } = fact;
  return html`${[
    html`<p>${CAUSE_WORDS[cause]}${reason === undefined ? null : html`: ${isolated(reason)}`}</p>`,
    html`<p>${type} ${id}, version ${version}, revision ${revision}${document && `, by the dossier ${document}`}</p>`,
    fieldsAsHtml(fields),
  ]}`;
}

/** What each field said before and says since, by its `name`; nothing where none differs. */
export const fieldsAsHtml = (
  fields: FieldChange[],
  name: (field: string) => string = (field) => field,
): Html | null =>
  fields.length > 0
    ? html`<dl>${fields.map((change) => fieldAsHtml(change, name(change.field)))}</dl>`
    : null;

const ARROW = html` &rarr; `;

function fieldAsHtml({ before, after }: FieldChange, name: string): Html {
  const [gone, come] = [without(before, after), without(after, before)];
  const steps = [
    ...(gone.length > 0 ? [html`<del>${valuesAsHtml(gone)}</del>`] : []),
    ...(come.length > 0 ? [html`<ins>${valuesAsHtml(come)}</ins>`] : []),
  ];
  const what = steps.length > 0 ? joined(steps, ARROW) : 'in another order';
  return html`<dt>${name}</dt><dd>${what}</dd>`;
}

/** The values that `other` does not have: of lists only the entries that differ, so that one of many is seen. */
function without(value: unknown, other: unknown): unknown[] {
  const others = entriesOf(other);
  return entriesOf(value).filter((each) => !others.some((one) => isDeepStrictEqual(one, each)));
}

const entriesOf = (value: unknown): unknown[] =>
  value === null || value === undefined ? [] : Array.isArray(value) ? value : [value];

const valuesAsHtml = (values: unknown[]): Html =>
  joined(
    values.map((value) => isolated(readable(value))),
    '; ',
  );

/** A value as it is said: a reference by its label, evidence by its words, an object by what it holds. */
export function readable(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(readable).join(', ');
  const {
    label,
    exact,
    start,
    end,
    document,
    prefix: _,
    suffix: __,
    ...rest
  } = value as Record<string, unknown>;
  if (typeof label === 'string') return label;
  const of = document ? ` of ${readable(document)}` : '';
  const place = exact === undefined ? [] : [`"${exact}"`, `characters ${start} to ${end}${of}`];
  const others = Object.entries(rest).filter(([, inner]) => inner !== null);
  return [...place, ...others.map(([name, inner]) => `${name}: ${readable(inner)}`)].join(', ');
}
