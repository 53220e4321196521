/** Messages for editors about values that the schema rejects: what is expected, what is there, an example. */
import * as z from 'zod';
import { quoteText } from '../lib/graphemes.ts';
import { describeLimit } from '../lib/schema-limits.ts';
import { formatSuggestion } from '../lib/suggest.ts';
import { referenceRegistry } from '../model/fields.ts';
import { getAllowedKeys, getSchemaAtPath, unwrapSchema } from '../model/schema-fields.ts';
import type { ValuePath } from './parse-yaml.ts';

type Issue = z.core.$ZodIssue;

export interface IssueDescription {
  /** Path within the value that was parsed. */
  path: ValuePath;
  code: 'unknown-field' | 'invalid-field';
  message: string;
}

/** Describes an issue of `schema`, with one entry for each unknown field. */
export function describeIssue(schema: z.ZodType, issue: Issue): IssueDescription[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    const allowedKeys = getAllowedKeys(schema, path);
    const input = issue.input as Record<string, unknown> | undefined;
    return issue.keys.map((key) => {
      const hint = formatSuggestion(key, allowedKeys) || (input?.[key] === null ? COMMA_HINT : '');
      const message = `there is no field ${key}${hint}; allowed fields: ${allowedKeys.join(', ')}`;
      return { path: [...path, key], code: 'unknown-field', message };
    });
  }
  const name = formatName(path);
  if (issue.input === undefined && isSchemaMessage(issue))
    return [{ path, code: 'invalid-field', message: describeMissing(name, getSchemaAtPath(schema, path)) }];
  return [
    {
      path,
      code: 'invalid-field',
      message: `${name}: ${describeValue(issue, name, getSchemaAtPath(schema, path))}`,
    },
  ];
}

/** Within braces, the words after a comma become a field without a value. */
const COMMA_HINT = '; if these words belong to the text before them, put all of it in quotation marks';

/** Name of a field, or of an entry of a list: `supports, entry 2`. */
function formatName(path: ValuePath): string {
  const [last, parent] = [path.at(-1), path.at(-2)];
  if (last === undefined) return 'the dossier';
  return typeof last === 'number'
    ? `${parent === undefined ? '' : `${parent}, `}entry ${last + 1}`
    : String(last);
}

/** True if the message is zod's own; all others are written for this schema. */
const isSchemaMessage = ({ message }: Issue): boolean =>
  /^(?:Invalid|Too (?:big|small)|Unrecognized)\b/.test(message);

function describeMissing(name: string, schema: z.ZodType | null): string {
  const description = schema?.meta()?.description?.replace(/\.$/, '');
  const hint = description ? ` (${description})` : '';
  return `${name} is missing${hint}; write ${describeExpected(schema)}, such as ${formatExample(name, schema)}`;
}

function describeValue(issue: Issue, name: string, schema: z.ZodType | null): string {
  if (!isSchemaMessage(issue)) return issue.message;
  const { input } = issue;
  const expected = describeExpected(schema);
  if (input === null || input === '')
    return `is empty; write ${expected}, such as ${formatExample(name, schema)}, or leave the field out if it is optional`;
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    return `must be ${expected}, not ${formatGiven(input)}${typeof input === 'string' ? formatSuggestion(input, values) : ''}`;
  }
  const limit = describeLimit(issue);
  if (limit !== null) return typeof input === 'number' ? `${limit}, not ${formatGiven(input)}` : limit;
  return `must be ${expected}, not ${formatGiven(input)}${formatHint(name, schema, input)}`;
}

/** Returns what to write instead of a value of another type; empty if that is obvious. */
function formatHint(name: string, schema: z.ZodType | null, input: unknown): string {
  const inner = unwrapSchema(schema);
  const field = name.includes(' ') ? '' : `${name}: `;
  if (inner instanceof z.ZodString && (typeof input === 'number' || typeof input === 'boolean'))
    return `; put it in quotation marks: ${field}"${input}"`;
  if (inner instanceof z.ZodNumber && typeof input === 'string' && Number.isFinite(Number(input)))
    return `; write it without quotation marks: ${field}${Number(input)}`;
  if (
    inner instanceof z.ZodBoolean &&
    typeof input === 'string' &&
    /^(?:y|yes|on|n|no|off|true|false)$/i.test(input)
  )
    return `; write ${field}${/^(?:y|yes|on|true)$/i.test(input)}`;
  if (inner instanceof z.ZodArray && ['string', 'number', 'object'].includes(typeof input))
    return `; write a list even for one entry: ${formatExample(name, schema)}`;
  return '';
}

const MAX_GIVEN_CODE_POINTS = 60;

function formatGiven(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  if (input !== null && typeof input === 'object') return 'a mapping';
  if (typeof input !== 'string')
    return `the ${typeof input === 'boolean' ? 'value' : 'number'} ${String(input)}`;
  return quoteText(input, MAX_GIVEN_CODE_POINTS);
}

/** Describes the values that a schema accepts, as in "must be a day, such as 2022-03-24". */
function describeExpected(schema: z.ZodType | null): string {
  const inner = unwrapSchema(schema);
  if (inner instanceof z.ZodEnum) return `one of ${inner.options.join(', ')}`;
  if (inner instanceof z.ZodLiteral) return [...inner.values].join(' or ');
  if (inner && referenceRegistry.get(inner)) return 'a reference, type/id';
  if (inner instanceof z.ZodISODate) return 'a day, YYYY-MM-DD';
  if (inner instanceof z.ZodNumber) return inner.isInt ? 'a whole number' : 'a number';
  if (inner instanceof z.ZodBoolean) return 'true or false';
  if (inner instanceof z.ZodArray) return 'a list';
  if (inner instanceof z.ZodObject) return `a mapping with the fields ${Object.keys(inner.shape).join(', ')}`;
  return inner instanceof z.ZodRecord ? 'a mapping of fields to values' : 'text';
}

const formatExample = (name: string, schema: z.ZodType | null): string =>
  name.includes(' ') ? createExample(schema) : `${name}: ${createExample(schema)}`;

/** Returns an example of a value as YAML on one line, with the required fields of a mapping. */
function createExample(schema: z.ZodType | null): string {
  const inner = unwrapSchema(schema);
  if (inner instanceof z.ZodEnum) return String(inner.options[0]);
  if (inner instanceof z.ZodLiteral) return String(inner.value);
  const reference = inner && referenceRegistry.get(inner);
  if (reference) return `${reference.types[0] ?? 'person'}/some-id`;
  if (inner instanceof z.ZodISODate) return '2022-03-24';
  if (inner instanceof z.ZodNumber) return '1';
  if (inner instanceof z.ZodBoolean) return 'true';
  if (inner instanceof z.ZodArray) return `[${createExample(inner.element as z.ZodType)}]`;
  if (!(inner instanceof z.ZodObject)) return 'some text';
  const required = Object.entries(inner.shape).filter(
    ([, field]) => !(field as z.ZodType).safeParse(undefined).success,
  );
  return `{${required.map(([key, field]) => `${key}: ${createExample(field as z.ZodType)}`).join(', ')}}`;
}
