/** Formats dates, references and other values of fields for pages. */

import { formatCanonicalQuery, type QueryValues } from '../http/query-string.ts';
import { bdi, type Html, html, join } from '../lib/html.ts';
import { formatNumber } from '../lib/numbers.ts';
import { truncate } from '../model/fields.ts';
import type { LabeledReference } from '../model/response-schemas.ts';
import { getFactType } from '../model/types/index.ts';

type Precision = 'day' | 'month' | 'year';

const FORMATS = {
  day: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }),
  month: new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }),
  year: new Intl.DateTimeFormat('en-GB', { year: 'numeric', timeZone: 'UTC' }),
  instant: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }),
};

/** Returns an ISO 8601 date, shortened to its precision. */
const toIsoDate = (iso: string, precision: Precision = 'day'): string =>
  iso.slice(0, { day: 10, month: 7, year: 4 }[precision]);

/** Renders a date at its precision. `base.js` rewrites the text in the reader's locale, not the title. */
export function renderDate(iso: string, precision: Precision = 'day'): Html {
  const isoDate = toIsoDate(iso, precision);
  return html`<time datetime="${isoDate}" title="${isoDate}">${formatDate(iso, precision)}</time>`;
}

export const formatDate = (iso: string, precision: Precision = 'day'): string =>
  FORMATS[precision].format(new Date(iso));

/** Formats a day, a month or a year, as filters take them. */
export const formatPartialDate = (date: string): string =>
  formatDate(date, ({ 4: 'year', 7: 'month' } as const)[date.length] ?? 'day');

/** Renders a date range, or a single date if both ends are the same. */
export function renderDateRange(from: string, to: string | null, precision: Precision = 'day'): Html {
  if (to === null || toIsoDate(from, precision) === toIsoDate(to, precision))
    return renderDate(from, precision);
  return html`${renderDate(from, precision)} to ${renderDate(to, precision)}`;
}

/** Renders an instant in UTC, such as `recordedAt`. */
export const renderTimestamp = (iso: string): Html =>
  html`<time datetime="${iso}" title="${iso}">${FORMATS.instant.format(new Date(iso))} UTC</time>`;

/** `startDate` → `start date`, `in-person` → `in person` */
export const humanize = (name: string): string =>
  name
    .replaceAll(/[-_.]/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();

/** Renders the type of a fact in the color and the pattern that it has on all pages. */
export const renderTypeBadge = (type: string): Html =>
  html`<span class="type type-${type}">${getFactType(type).noun}</span>`;

/** Path of the page of a fact. */
export const toFactUrl = ({ type, id }: { type: string; id: string }): string =>
  `/${getFactType(type).collection}/${id}`;

/** URL of the table of a collection, with `values` as its query. */
export const toExploreUrl = (collection: string, values: QueryValues = {}): string =>
  `/explore${formatCanonicalQuery({ ...values, collection: [collection] })}`;

/** Renders a link to a fact with its label as the text. */
export const renderFactLink = (reference: LabeledReference, maxLength = MAX_LABEL_LENGTH): Html =>
  html`<a class="fact" href="${toFactUrl(reference)}">${bdi(truncate(reference.label, maxLength))}</a>`;

const MAX_LABEL_LENGTH = 300;

/** URL of the reader for `document`, with the passage from `start` to `end` in view. */
export const toPassageUrl = (document: string, start: number, end: number): string =>
  `/documents/${document}?end=${end}&start=${start}#passage`;

const isReference = (value: object): value is LabeledReference =>
  'type' in value && 'id' in value && 'label' in value;

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
/** URLs with other schemes are never rendered as links. */
const WEB_URL = /^https?:\/\//;

/** Renders the value of the field `name` of an API response. */
export function renderValue(value: unknown, name = ''): Html {
  if (value === null || value === undefined) return html`<span class="none">not stated</span>`;
  if (Array.isArray(value)) return renderList(value.map((each) => renderValue(each)));
  if (typeof value === 'object') return isReference(value) ? renderFactLink(value) : renderObject(value);
  if (typeof value === 'boolean') return html`${value ? 'yes' : 'no'}`;
  if (typeof value === 'number') return html`<span class="number">${formatNumber(value)}</span>`;
  const text = String(value);
  if (ISO_DATE.test(text)) return html`${renderDate(text)} <span class="iso-date">${text}</span>`;
  if (name === 'url' && WEB_URL.test(text)) {
    return html`<a href="${text}" rel="noopener noreferrer nofollow external">${text}</a>`;
  }
  if (name === 'sha256') return html`<code>${text}</code>`;
  return bdi(text);
}

const renderList = (values: Html[]): Html =>
  values.length === 0
    ? html`<span class="none">none stated</span>`
    : html`<ul class="values">${values.map((value) => html`<li>${value}</li>`)}</ul>`;

/** Renders an object without its null fields, and without offsets if it has the exact words. */
function renderObject(value: object): Html {
  const hasSpan = 'exact' in value;
  const entries = Object.entries(value).filter(
    ([name, fieldValue]) => fieldValue !== null && !(hasSpan && (name === 'start' || name === 'end')),
  );
  return html`<span class="object">${join(
    entries.map(
      ([name, fieldValue]) =>
        html`<span class="object-field"><span class="key">${humanize(name)}</span> ${renderValue(fieldValue, name)}</span>`,
    ),
    ' ',
  )}</span>`;
}
