/** How the table, the facets and the filters write values and the names of fields, alike. */
import type { Field } from '../../model/schema-fields.ts';
import { words } from '../format-values.ts';

/** `hostCountry` → `Host country` */
export function heading(name: string): string {
  const written = words(name);
  return written.charAt(0).toUpperCase() + written.slice(1);
}

/** Whether the values are words of a vocabulary; one that may grow gives examples. */
export const isVocabulary = ({ kind, examples }: Field): boolean =>
  kind === 'enum' || (kind === 'text' && examples.length > 0);

/** A value of a filter; `label` is that of the fact that is meant. */
export function valueInWords(field: Field, value: string, label = value): string {
  if (field.kind === 'reference') return value === 'none' ? 'none' : label;
  if (field.kind === 'boolean') return value === 'true' ? 'yes' : 'no';
  return isVocabulary(field) ? words(value) : value;
}

const COUNT = new Intl.NumberFormat('en-GB');

/** `1,234` */
export const counted = (count: number): string => COUNT.format(count);
