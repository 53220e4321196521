/** Fields of a fact in responses, and facts with only some of them. */
import * as z from 'zod';
import type { FactType } from './fact-type.ts';
import type { Fact } from './response-schemas.ts';

/** Fields that every response has where the fact has them: they identify it, or say that it no longer holds. */
const PERMANENT_FIELDS = new Set(['type', 'id', 'via', 'retracted', 'redacted']);

/** Names of the fields that a request can select, in the order of responses. */
export const getSelectableFields = ({ fieldNames, hasEvidence, expandableField }: FactType): string[] => [
  ...['type', 'id', 'label', 'version'],
  ...fieldNames,
  ...(hasEvidence === false ? [] : ['accordingTo']),
  ...['reportedOn', 'recordedAt', 'revision'],
  ...(hasEvidence === false ? [] : ['evidence']),
  ...['inferences', 'links'],
  ...(expandableField === undefined ? [] : ['via']),
  'retracted',
  ...(hasEvidence === false ? ['redacted'] : []),
];

/** Described as a text, because the names of each type would take much of the OpenAPI document. */
const FieldName = z
  .string()
  .meta({ id: 'FieldName', description: 'Field of a fact.', pattern: '^[a-zA-Z]+$' });

/** Creates the schema of a name in the parameter `fields`. */
export const createFieldNameSchema = (factType: FactType) =>
  z.enum(getSelectableFields(factType) as [string, ...string[]]).pipe(FieldName);

/** True if a response with only these fields has the field. */
export const isSelected = (fields: readonly string[], name: string): boolean =>
  PERMANENT_FIELDS.has(name) || fields.includes(name);

/** Returns the fact with only these fields, in the order of complete facts. */
export const selectFields = (fact: Fact, fields: readonly string[]): Partial<Fact> =>
  Object.fromEntries(Object.entries(fact).filter(([name]) => isSelected(fields, name)));
