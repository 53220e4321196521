/** Renders values in table cells, shortened to fit. */

import { type Html, html, join } from '../../lib/html.ts';
import type { FactType } from '../../model/fact-type.ts';
import { truncate } from '../../model/fields.ts';
import type { Fact, LabeledReference } from '../../model/response-schemas.ts';
import { humanize, renderDate, renderFactLink, renderValue } from '../format-values.ts';
import type { Column } from './columns.ts';

const MAX_TEXT_LENGTH = 120;
/** Maximum number of entries of a list. */
const MAX_ITEMS = 4;

/** Renders a cell; `marker` follows its last word. */
export function renderCell(
  factType: FactType,
  fact: Fact,
  { name, isDate }: Column,
  marker: Html | null,
): Html {
  const value = fact[name];
  if (Array.isArray(value) && value.length > 1) {
    return renderList(
      value.slice(0, MAX_ITEMS).map((each) => renderCellValue(factType, each, name)),
      value.length,
      marker,
    );
  }
  if (isDate && typeof value === 'string') {
    return html`${renderDate(value, name === 'reportedOn' ? 'day' : factType.getCalendarDetails?.(fact).precision)}${marker}`;
  }
  return html`${renderCellValue(factType, value, name)}${marker}`;
}

function renderList(visible: Html[], total: number, marker: Html | null): Html {
  const more = total - visible.length;
  const items = more > 0 ? [...visible, html`<span class="none">and ${more} more</span>`] : visible;
  return html`<ul class="values">${items.map((item, index) => html`<li>${item}${index === items.length - 1 ? marker : null}</li>`)}</ul>`;
}

function renderCellValue(factType: FactType, value: unknown, path: string): Html {
  // A single entry needs no list.
  if (Array.isArray(value))
    return value.length === 1
      ? renderCellValue(factType, value[0], path)
      : renderValue(value.slice(0, MAX_ITEMS));
  if (typeof value === 'object' && value !== null) {
    return isReference(value) ? renderFactLink(value, MAX_TEXT_LENGTH) : renderObject(factType, value, path);
  }
  if (typeof value !== 'string') return renderValue(value);
  const field = factType.fieldsByPath.get(path);
  return field?.isVocabulary ? renderNoWrap(humanize(value)) : renderValue(truncate(value, MAX_TEXT_LENGTH));
}

/** Terms of a vocabulary do not wrap, unless one is longer than all known terms. */
const renderNoWrap = (text: string): Html =>
  /\S{20}/.test(text) ? html`${text}` : html`<span class="no-wrap">${text}</span>`;

/** Renders the references and free texts of an object; the page of the fact has its other fields. */
function renderObject(factType: FactType, value: object, path: string): Html {
  const entries = Object.entries(value).filter(([name, fieldValue]) => {
    if (fieldValue === null) return false;
    const field = factType.fieldsByPath.get(`${path}.${name}`);
    return field?.kind === 'reference' || (field?.kind === 'text' && !field.isVocabulary);
  });
  return join(
    entries.map(([name, fieldValue]) => renderCellValue(factType, fieldValue, `${path}.${name}`)),
    html` <span class="none">\u00b7</span> `,
  );
}

const isReference = (value: object): value is LabeledReference =>
  'type' in value && 'id' in value && 'label' in value;
