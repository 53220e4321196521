/** A change as people read it: why, and what each field said before and says since. */
import { isDeepStrictEqual } from 'node:util';
import { bdi, type Html, html, join } from '../../lib/html.ts';
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
export const CAUSE_LABELS: Record<Cause, string> = {
  addition: 'New in the record',
  development: 'The world moved on',
  correction: 'The record was wrong',
  retraction: 'Withdrawn',
  editorial: 'Evidence, notes or labels changed',
};

export function renderChange({ fact, cause, reason, document, fields }: Change): Html {
  const { type, id, version, revision } = fact;
  return html`${[
    html`<p>${CAUSE_LABELS[cause]}${reason === undefined ? null : html`: ${bdi(reason)}`}</p>`,
    html`<p>${type} ${id}, version ${version}, revision ${revision}${document && `, by the dossier ${document}`}</p>`,
    renderFieldChanges(fields),
  ]}`;
}

/** What each field said before and says since, by its `name`; nothing where none differs. */
export const renderFieldChanges = (
  fields: FieldChange[],
  formatFieldName: (field: string) => string = (field) => field,
): Html | null =>
  fields.length > 0
    ? html`<dl>${fields.map((change) => renderFieldChange(change, formatFieldName(change.field)))}</dl>`
    : null;

const ARROW = html` &rarr; `;

function renderFieldChange({ before, after }: FieldChange, name: string): Html {
  const [removed, added] = [subtractEntries(before, after), subtractEntries(after, before)];
  const parts = [
    ...(removed.length > 0 ? [html`<del>${renderValues(removed)}</del>`] : []),
    ...(added.length > 0 ? [html`<ins>${renderValues(added)}</ins>`] : []),
  ];
  const description = parts.length > 0 ? join(parts, ARROW) : 'in another order';
  return html`<dt>${name}</dt><dd>${description}</dd>`;
}

/** The values that `other` does not have: of lists only the entries that differ, so that one of many is seen. */
function subtractEntries(value: unknown, other: unknown): unknown[] {
  const otherEntries = toEntries(other);
  return toEntries(value).filter((each) => !otherEntries.some((one) => isDeepStrictEqual(one, each)));
}

const toEntries = (value: unknown): unknown[] =>
  value === null || value === undefined ? [] : Array.isArray(value) ? value : [value];

const renderValues = (values: unknown[]): Html =>
  join(
    values.map((value) => bdi(displayValue(value))),
    '; ',
  );

/** A value as it is said: a reference by its label, evidence by its words, an object by what it holds. */
export function displayValue(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(displayValue).join(', ');
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
  const source = document ? ` of ${displayValue(document)}` : '';
  const quotation = exact === undefined ? [] : [`"${exact}"`, `characters ${start} to ${end}${source}`];
  const details = Object.entries(rest).filter(([, inner]) => inner !== null);
  return [...quotation, ...details.map(([name, inner]) => `${name}: ${displayValue(inner)}`)].join(', ');
}
