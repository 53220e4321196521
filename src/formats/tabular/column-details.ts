/** Details of columns for descriptions of tables. They come from the declarations of the types, never from the data. */
import type { Column } from '../table-columns.ts';

export interface ColumnDetails {
  description: string;
  /** Format of a text; null for any text. */
  format: 'date' | 'date-time' | 'uri' | null;
  /** True if every row has a value. */
  isRequired: boolean;
  /** All values that may occur; null if any may. */
  allowedValues: readonly string[] | null;
  /** Type of the facts whose id a cell is; null if it is not the id of one fact. */
  referencedType: string | null;
}

const NO_DETAILS: ColumnDetails = {
  description: '',
  format: null,
  isRequired: false,
  allowedValues: null,
  referencedType: null,
};

/** Details of the columns that are not from fields of the type itself. */
const COMMON_DETAILS: Record<string, Partial<ColumnDetails>> = {
  id: { description: 'Id of the fact.', isRequired: true },
  label: { description: 'Short title of the fact.', isRequired: true },
  according_to_id: {
    description: 'Id of the statement through which alone the document vouches for the fact.',
    referencedType: 'statement',
  },
  according_to: { description: 'Label of that statement.' },
  reported_on: { description: 'Day on which the fact was reported.', format: 'date' },
  recorded_at: {
    description: 'Time at which the version was recorded.',
    format: 'date-time',
    isRequired: true,
  },
  revision: { description: 'Revision that recorded the version.', isRequired: true },
  version: { description: 'Number of the version of the fact, counted from 1.', isRequired: true },
  inferred: { description: 'Fields that were inferred, at least in part.' },
  inference_notes: { description: 'Kind and basis of each inference.' },
  source_id: {
    description: 'Id of the document of the quotation that tells the fact best.',
    referencedType: 'document',
  },
  source_start: { description: 'Start of the quotation in the document, in Unicode code points.' },
  source_end: { description: 'End of the quotation, exclusive, in Unicode code points.' },
  source_quote: { description: 'Exact words of the quotation.' },
  sources: { description: 'All spans of evidence, as document#char=start,end.' },
  redacted_revision: { description: 'Revision that redacted the text of the document.' },
  redacted_reason: { description: 'Reason of the redaction.' },
  retracted_revision: { description: 'Revision that retracted the fact.' },
  retracted_reason: { description: 'Reason of the retraction.' },
  via_id: {
    description: 'Id of the group of countries that the fact is about.',
    referencedType: 'organization',
  },
  via: { description: 'Label of the group.' },
  via_membership_id: { description: 'Id of the membership in the group.', referencedType: 'membership' },
  row_id: { description: 'Id of the row: that of the fact, with that of the member.', isRequired: true },
  permalink: { description: 'Page of the fact.', format: 'uri', isRequired: true },
};

export function getColumnDetails({ name, path, ownField: field, isList }: Column): ColumnDetails {
  if (!field) return { ...NO_DETAILS, ...COMMON_DETAILS[name] };
  const { format, vocabulary, kind, allowedTypes } = field;
  // Some fields are described by their vocabulary only.
  const description = field.description || vocabulary?.meta()?.description || '';
  const isRequired = !isList && !field.isNullable && !field.path.includes('.');
  if (kind !== 'reference')
    return { ...NO_DETAILS, description, format, isRequired, allowedValues: vocabulary?.options ?? null };
  const [onlyType = null] = allowedTypes.length === 1 ? allowedTypes : [];
  const isId = path === `${field.path}.id`;
  const part = isId ? 'id' : path === `${field.path}.label` ? 'label' : 'type';
  return {
    ...NO_DETAILS,
    description: `${description} Its ${part}.`.trimStart(),
    isRequired,
    referencedType: isId && !isList ? onlyType : null,
  };
}
