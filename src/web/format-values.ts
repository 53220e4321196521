/** How pages write values: days, facts that are referred to, and whatever else a field may hold. */

import { canonicalQuery, type QueryValues } from '../http/query-string.ts';
import { type Html, html, isolated, joined } from '../lib/html.ts';
import { shortened } from '../model/fields.ts';
import type { Labelled } from '../model/response-schemas.ts';
import { resourceOf } from '../model/types/index.ts';

type Precision = 'day' | 'month' | 'year';

const FORMATS = {
  day: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }),
  month: new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }),
  year: new Intl.DateTimeFormat('en-GB', { year: 'numeric', timeZone: 'UTC' }),
  instant: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }),
};

/** As much of a date as is meant, in ISO 8601. */
export const isoDay = (iso: string, precision: Precision = 'day'): string =>
  iso.slice(0, { day: 10, month: 7, year: 4 }[precision]);

/** A day, as far as it is meant. The browser writes it anew as its reader is used to; the ISO date stays at hand. */
export function day(iso: string, precision: Precision = 'day'): Html {
  const written = isoDay(iso, precision);
  return html`<time datetime="${written}" title="${written}">${dayInWords(iso, precision)}</time>`;
}

export const dayInWords = (iso: string, precision: Precision = 'day'): string =>
  FORMATS[precision].format(new Date(iso));

/** From one day to another; one alone where they are the same. */
export function period(from: string, to: string | null, precision: Precision = 'day'): Html {
  if (to === null || isoDay(from, precision) === isoDay(to, precision)) return day(from, precision);
  return html`${day(from, precision)} to ${day(to, precision)}`;
}

/** An instant, UTC, as `recordedAt` has it. */
export const instant = (iso: string): Html =>
  html`<time datetime="${iso}" title="${iso}">${FORMATS.instant.format(new Date(iso))} UTC</time>`;

/** `startDate` → `start date`, `in-person` → `in person` */
export const words = (name: string): string =>
  name
    .replaceAll(/[-_.]/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();

/** The type of a fact, in the colour and the pattern that it has everywhere. */
export const badge = (type: string): Html =>
  html`<span class="type t-${type}">${resourceOf(type).noun}</span>`;

/** The path of the page of a fact. */
export const pageOf = ({ type, id }: { type: string; id: string }): string =>
  `/${resourceOf(type).collection}/${id}`;

/** The table of a collection, with the facts that `values` ask for. */
export const exploreUrl = (collection: string, values: QueryValues = {}): string =>
  `/explore${canonicalQuery({ ...values, collection: [collection] })}`;

/** A link to a fact, by its label. */
export const factLink = (reference: Labelled, longest = LONGEST_LABEL): Html =>
  html`<a class="fact" href="${pageOf(reference)}">${isolated(shortened(reference.label, longest))}</a>`;

const LONGEST_LABEL = 300;

/** The reading room of `document` with the passage from `start` to `end` in view. */
export const passageLink = (document: string, start: number, end: number): string =>
  `/documents/${document}?end=${end}&start=${start}#passage`;

const isReference = (value: object): value is Labelled =>
  'type' in value && 'id' in value && 'label' in value;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** No other scheme is ever made a link of. */
const URL = /^https?:\/\//;

/** A value as an answer of the API has it, of the field `name`. */
export function shown(value: unknown, name = ''): Html {
  if (value === null || value === undefined) return html`<span class="none">not stated</span>`;
  if (Array.isArray(value)) return listed(value.map((each) => shown(each)));
  if (typeof value === 'object') return isReference(value) ? factLink(value) : parts(value);
  if (typeof value === 'boolean') return html`${value ? 'yes' : 'no'}`;
  if (typeof value === 'number') return html`<span class="number">${value}</span>`;
  const text = String(value);
  if (DAY.test(text)) return html`${day(text)} <span class="iso">${text}</span>`;
  if (name === 'url' && URL.test(text)) {
    return html`<a href="${text}" rel="noopener noreferrer nofollow external">${text}</a>`;
  }
  if (name === 'sha256') return html`<code>${text}</code>`;
  return isolated(text);
}

const listed = (values: Html[]): Html =>
  values.length === 0
    ? html`<span class="none">none stated</span>`
    : html`<ul class="values">${values.map((value) => html`<li>${value}</li>`)}</ul>`;

/** A value with fields of its own: each but those that say nothing, and where it stands if its words are among them. */
function parts(value: object): Html {
  const placed = 'exact' in value;
  const filled = Object.entries(value).filter(
    ([name, inner]) => inner !== null && !(placed && (name === 'start' || name === 'end')),
  );
  return html`<span class="parts">${joined(
    filled.map(
      ([name, inner]) =>
        html`<span class="part"><span class="key">${words(name)}</span> ${shown(inner, name)}</span>`,
    ),
    ' ',
  )}</span>`;
}
