/** How the table, the facets and the filters write values and the names of fields, alike. */
import type { Field } from '../../model/schema-fields.ts';
import { humanize } from '../format-values.ts';

/** `hostCountry` → `Host country` */
export function toHeading(name: string): string {
  const text = humanize(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Whether the values are words of a vocabulary; one that may grow gives examples. */
export const isVocabulary = ({ kind, examples }: Field): boolean =>
  kind === 'enum' || (kind === 'text' && examples.length > 0);

/** A value of a filter; `label` is that of the fact that is meant. */
export function formatFilterValue(field: Field, value: string, label = value): string {
  if (field.kind === 'reference') return value === 'none' ? 'none' : label;
  if (field.kind === 'boolean') return value === 'true' ? 'yes' : 'no';
  return isVocabulary(field) ? humanize(value) : value;
}

const COUNT_FORMAT = new Intl.NumberFormat('en-GB');

/** `1,234` */
export const formatCount = (count: number): string => COUNT_FORMAT.format(count);
