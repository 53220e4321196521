/** Names of values and fields, shared by the table, the facets and the filters. */
import type { Field } from '../../model/schema-fields.ts';
import { humanize } from '../format-values.ts';

/** `hostCountry` → `Host country` */
export function toHeading(name: string): string {
  const text = humanize(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Formats a value of a filter; `label` is that of the referenced fact. */
export function formatFilterValue(field: Field, value: string, label = value): string {
  if (field.kind === 'reference') return value === 'none' ? 'none' : label;
  if (field.kind === 'boolean') return value === 'true' ? 'yes' : 'no';
  return field.isVocabulary ? humanize(value) : value;
}
