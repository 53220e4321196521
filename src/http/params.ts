/** Query parameters as zod schemas. Several values of one parameter mean OR. */
import * as z from 'zod';
import { quoteText } from '../lib/graphemes.ts';
import { type ErrorCode, invalidParameters, type ProblemError } from '../lib/problem-details.ts';
import { describeLimit } from '../lib/schema-limits.ts';
import { formatSuggestion } from '../lib/suggest.ts';
import { ENCODED_COMMA } from './query-string.ts';

/** Maximum number of values of one parameter. */
const MAX_VALUES = 100;

const REPEATED_MESSAGE = 'must have one value, but was given more than once';

/** Parameter with a single value. */
export const singleValue = <S extends z.ZodType<unknown, string>>(schema: S) =>
  z
    .array(z.string())
    .max(1, REPEATED_MESSAGE)
    .transform(([value = '']) => decodeCommas(value))
    .pipe(schema);

/** Parameter with several ids or vocabulary terms, separated by commas or repeated. */
export const commaSeparated = <S extends z.ZodType<unknown, string>>(schema: S) =>
  createListSchema(schema, (value) => decodeCommas(value).split(','));

/** Parameter with several texts, separated by commas or repeated; an encoded comma is part of the value. */
export const commaSeparatedText = <S extends z.ZodType<unknown, string>>(schema: S) =>
  createListSchema(schema, (value) => value.split(',').map(decodeCommas));

/**
 * Parameter with several entries, separated by commas or repeated. An encoded comma is part of an entry only if
 * `hasCommas` says so, because clients may encode those between entries too.
 */
export const commaSeparatedEntries = <S extends z.ZodType<unknown, string>>(
  schema: S,
  hasCommas: (entry: string) => boolean,
) =>
  createListSchema(schema, (value) =>
    value.split(',').flatMap((part) => {
      const entry = decodeCommas(part);
      return hasCommas(entry) ? [entry] : entry.split(',');
    }),
  );

const decodeCommas = (value: string): string => value.replaceAll(ENCODED_COMMA, ',');

const createListSchema = <S extends z.ZodType<unknown, string>>(
  schema: S,
  splitValues: (value: string) => string[],
) =>
  z
    .array(z.string())
    .transform((values) => values.flatMap(splitValues))
    // A parameter that is given has at least one value, if only an empty one; the OpenAPI document states it.
    .pipe(z.array(schema).min(1).max(MAX_VALUES, `must have at most ${MAX_VALUES} values`));

/** Boolean parameter, written as the clients of all languages serialize it. */
export const flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .pipe(z.boolean());

/** Boolean parameter that also accepts 1 and 0. */
export const flagOrDigit = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1')
  .pipe(z.boolean());

/** Integer in decimal digits, between `min` and `max` inclusive. */
export const integerBetween = (min: number, max: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/, `must be an integer between ${min} and ${max}`)
    .transform(Number)
    .pipe(
      z.int().min(min, `must be between ${min} and ${max}`).max(max, `must be between ${min} and ${max}`),
    );

/** Hints on parameters that only some operations have, by name. */
const unknownParameterHints = new Map<string, string>();

/** Adds a hint to the error of operations that do not have the parameter. */
export function describeUnknownParameter(name: string, hint: string): void {
  unknownParameterHints.set(name, hint);
}

/** Returns the parsed values; throws a 400 that names every invalid parameter. */
export function parseParams<S extends z.ZodObject>(schema: S, values: Record<string, unknown>): z.output<S> {
  const result = schema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  throw invalidParameters(result.error.issues.flatMap((issue) => toProblemErrors(issue, schema)));
}

function toProblemErrors(issue: z.core.$ZodIssue, schema: z.ZodObject): ProblemError[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = Object.keys(schema.shape).sort().join(', ') || 'none';
    return issue.keys.map((parameter) => {
      const hint = unknownParameterHints.get(parameter);
      const suggestion = formatSuggestion(parameter, Object.keys(schema.shape));
      const note = hint ? `; ${hint}` : suggestion;
      const detail = `is not a parameter of this operation (allowed: ${allowed})${note}`;
      return { parameter, code: 'unknown-parameter', detail };
    });
  }
  const parameter = String(issue.path[0]);
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    const description = (schema.shape[parameter] as z.ZodType | undefined)?.description ?? '';
    return [{ parameter, code: 'missing-parameter', detail: `is required. ${description}`.trim() }];
  }
  return [{ parameter, code: toErrorCode(issue), detail: formatDetail(issue) }];
}

function toErrorCode(issue: z.core.$ZodIssue): ErrorCode {
  if (issue.message === REPEATED_MESSAGE) return 'repeated-parameter';
  return issue.code === 'too_big' || issue.code === 'too_small' ? 'out-of-range' : 'invalid-value';
}

function formatDetail(issue: z.core.$ZodIssue): string {
  const { input } = issue;
  const inputNote = typeof input === 'string' ? ` (given: ${quoteText(input)})` : '';
  return formatIssue(issue, inputNote);
}

/** Formats the message of an issue with `inputNote`, and suggests one of the allowed values. */
export function formatIssue(issue: z.core.$ZodIssue, inputNote = ''): string {
  if (issue.code !== 'invalid_value') return (describeLimit(issue) ?? issue.message) + inputNote;
  const { values, input } = issue;
  const suggestion = typeof input === 'string' ? formatSuggestion(input, values.map(String)) : '';
  return `must be one of ${values.map(formatAllowedValue).join(', ')}${inputNote}${suggestion}`;
}

/** Puts a value without letters or digits in quotation marks, so that it differs from punctuation. */
const formatAllowedValue = (value: unknown): string =>
  /[\p{L}\p{N}]/u.test(String(value)) ? String(value) : JSON.stringify(value);
