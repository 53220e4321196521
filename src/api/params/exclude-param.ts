/** Query parameter that excludes facts by the value of any filter. */
import * as z from 'zod';
import { commaSeparatedEntries, formatIssue } from '../../http/params.ts';
import { formatSuggestion } from '../../lib/suggest.ts';
import type { FactType } from '../../model/fact-type.ts';
import { FactId } from '../../model/fields.ts';
import { buildValueSchema } from './field-params.ts';

/** Value of a filter that facts must not have. */
export interface Exclusion {
  /** Name of the filter: that of a field, or `ids` or `document` for ids. */
  name: string;
  value: string | number | boolean;
}

export function buildExcludeParameter(factType: FactType) {
  const schemas = getValueSchemas(factType);
  const names = [...schemas.keys()];
  const entrySchema = z
    .string()
    .superRefine((entry, context) => {
      const [name, value] = splitEntry(entry);
      const schema = schemas.get(name);
      if (!schema) {
        const suggestion = formatSuggestion(name, names);
        context.addIssue(`must be written filter:value; the filters are ${names.join(', ')}${suggestion}`);
        return;
      }
      const issue = schema.safeParse(value, { reportInput: true }).error?.issues[0];
      if (issue) context.addIssue(`${name} ${formatIssue(issue)}`);
    })
    .meta({
      id: 'Exclusion',
      description: 'Filter and value, written filter:value.',
      pattern: '^[a-zA-Z]+:.+$',
    });
  const hasCommas = (name: string) => factType.filterFields.get(name)?.kind === 'text';
  return commaSeparatedEntries(entrySchema, (entry) => hasCommas(splitEntry(entry)[0]))
    .optional()
    .meta({
      description:
        'Without facts that have one of these values of a filter, each written `filter:value`, such as `inference:background`.',
      example: ['ids:some-other-fact'],
    });
}

/** Returns the schema of a value for each filter. */
function getValueSchemas(factType: FactType): Map<string, z.ZodType<unknown, string>> {
  return new Map([
    ['ids', FactId],
    ...(factType.hasEvidence === false ? [['document', FactId] as const] : []),
    ...[...factType.filterFields].map(([name, field]) => [name, buildValueSchema(field)] as const),
  ]);
}

/** Splits `filter:value`. */
function splitEntry(entry: string): [name: string, value: string] {
  const colon = entry.indexOf(':');
  return colon < 0 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
}

/** Parses the entries of the parameter, which it has validated. */
export function parseExclusions(factType: FactType, entries: string[]): Exclusion[] {
  return entries.map((entry) => {
    const [name, text] = splitEntry(entry);
    const field = factType.filterFields.get(name);
    const value = field ? buildValueSchema(field).parse(text) : text;
    return { name, value: value as Exclusion['value'] };
  });
}
