/** HTML of a change: its cause and reason, and the values of each field before and after. */
import { isDeepStrictEqual } from 'node:util';
import { bdi, type Html, html, join } from '../../lib/html.ts';
import { formatNumber } from '../../lib/numbers.ts';
import type { Cause, FieldChange } from '../../model/change.ts';
import type { Fact } from '../../model/response-schemas.ts';

interface Change {
  fact: Fact;
  cause: Cause;
  reason?: string;
  /** Dossier that made the change. */
  document: string | null;
  fields: FieldChange[];
}

export const CAUSE_LABELS: Record<Cause, string> = {
  addition: 'New fact',
  development: 'The world changed',
  correction: 'The record was wrong',
  retraction: 'Retracted',
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

/** Renders the values of each field before and after; null if there are no changes. */
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
  const description = parts.length > 0 ? join(parts, ARROW) : 'order changed';
  return html`<dt>${name}</dt><dd>${description}</dd>`;
}

/** Returns the entries that `other` lacks, so that one changed entry of a long list is visible. */
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

/** Formats a value as text: a reference by its label, evidence by its quotation, an object by its fields. */
export function displayValue(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value);
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
