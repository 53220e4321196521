/** What stands in a cell: as much of a value as a table has room for. */

import { type Html, html, joined } from '../../lib/html.ts';
import type { Resource } from '../../model/fact-type.ts';
import { shortened } from '../../model/fields.ts';
import type { Fact, Labelled } from '../../model/response-schemas.ts';
import { day, factLink, shown, words } from '../format-values.ts';
import type { Column } from './columns.ts';
import { isVocabulary } from './display-names.ts';

const LONGEST = 120;
/** Of a list. */
const MOST = 4;

/** `mark` follows upon the last word. */
export function cell(resource: Resource, fact: Fact, { name, isDay }: Column, mark: Html | null): Html {
  const value = fact[name];
  if (Array.isArray(value) && value.length > 1) {
    return listed(
      value.slice(0, MOST).map((each) => written(resource, each, name)),
      value.length,
      mark,
    );
  }
  if (isDay && typeof value === 'string') {
    return html`${day(value, name === 'reportedOn' ? 'day' : resource.occasion?.(fact).precision)}${mark}`;
  }
  return html`${written(resource, value, name)}${mark}`;
}

function listed(seen: Html[], all: number, mark: Html | null): Html {
  const more = all - seen.length;
  const items = more > 0 ? [...seen, html`<span class="none">and ${more} more</span>`] : seen;
  return html`<ul class="values">${items.map((item, at) => html`<li>${item}${at === items.length - 1 ? mark : null}</li>`)}</ul>`;
}

function written(resource: Resource, value: unknown, path: string): Html {
  // One entry needs no list around it.
  if (Array.isArray(value))
    return value.length === 1 ? written(resource, value[0], path) : shown(value.slice(0, MOST));
  if (typeof value === 'object' && value !== null) {
    return isReference(value) ? factLink(value, LONGEST) : together(resource, value, path);
  }
  if (typeof value !== 'string') return shown(value);
  const field = resource.fields.get(path);
  return field && isVocabulary(field) ? inWhole(words(value)) : shown(shortened(value, LONGEST));
}

/** Words of a vocabulary are not broken for want of room, unless one is longer than any that we know. */
const inWhole = (text: string): Html =>
  /\S{20}/.test(text) ? html`${text}` : html`<span class="whole">${text}</span>`;

/** What it refers to and its words, side by side; the rest is left to the page of the fact. */
function together(resource: Resource, value: object, path: string): Html {
  const told = Object.entries(value).filter(([name, inner]) => {
    if (inner === null) return false;
    const field = resource.fields.get(`${path}.${name}`);
    return field?.kind === 'reference' || (field?.kind === 'text' && !isVocabulary(field));
  });
  return joined(
    told.map(([name, inner]) => written(resource, inner, `${path}.${name}`)),
    html` <span class="none">\u00b7</span> `,
  );
}

const isReference = (value: object): value is Labelled =>
  'type' in value && 'id' in value && 'label' in value;
