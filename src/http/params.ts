/** Parameters as zod schemas: `single` takes one value, `many` a comma or a repeat for OR. */
import * as z from 'zod';
import { type ErrorCode, invalidParameters, type ProblemError } from '../lib/problem-details.ts';
import { ENCODED_COMMA } from './query-string.ts';

/** Values that one OR may have. */
export const MAX_VALUES = 100;

const REPEATED_MESSAGE = 'is given more than once, and takes one value';

/** A parameter that may be given once. */
export const singleValue = <S extends z.ZodType<unknown, string>>(schema: S) =>
  z
    .array(z.string())
    .max(1, REPEATED_MESSAGE)
    .transform(([value = '']) => decodeCommas(value))
    .pipe(schema);

/** A parameter whose values, ids or words of a vocabulary, are joined by commas or repeated. */
export const commaSeparated = <S extends z.ZodType<unknown, string>>(schema: S) =>
  createListSchema(schema, (value) => decodeCommas(value).split(','));

/** The same for free texts: an encoded comma is part of the value. */
export const commaSeparatedText = <S extends z.ZodType<unknown, string>>(schema: S) =>
  createListSchema(schema, (value) => value.split(',').map(decodeCommas));

const decodeCommas = (value: string): string => value.replaceAll(ENCODED_COMMA, ',');

const createListSchema = <S extends z.ZodType<unknown, string>>(
  schema: S,
  splitValues: (value: string) => string[],
) =>
  z
    .array(z.string())
    .transform((values) => values.flatMap(splitValues))
    // There is always one, if only an empty text; the document says so.
    .pipe(z.array(schema).min(1).max(MAX_VALUES, `takes at most ${MAX_VALUES} values`));

/** Yes or no, as the clients of every language write it. */
export const flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .pipe(z.boolean());

/** A flag for which 1 and 0 are written too. */
export const flagOrDigit = z
  .enum(['true', 'false', '1', '0'])
  .transform((value) => value === 'true' || value === '1')
  .pipe(z.boolean());

/** A whole number in plain digits, from `least` to `most`. */
export const integerBetween = (min: number, max: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min, `must be from ${min} to ${max}`).max(max, `must be from ${min} to ${max}`));

/** The parsed values, or a 400 that names each parameter that is wrong. */
export function parseParams<S extends z.ZodObject>(schema: S, values: Record<string, unknown>): z.output<S> {
  const result = schema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  throw invalidParameters(result.error.issues.flatMap((issue) => toProblemErrors(issue, schema)));
}

function toProblemErrors(issue: z.core.$ZodIssue, schema: z.ZodObject): ProblemError[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = Object.keys(schema.shape).sort().join(', ') || 'none';
    const detail = `there is no such parameter here; allowed are: ${allowed}`;
    return issue.keys.map((parameter) => ({ parameter, code: 'unknown-parameter', detail }));
  }
  const parameter = String(issue.path[0]);
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    const description = (schema.shape[parameter] as z.ZodType | undefined)?.description ?? '';
    return [{ parameter, code: 'missing-parameter', detail: `must be given. ${description}`.trim() }];
  }
  return [{ parameter, code: toErrorCode(issue), detail: formatDetail(issue) }];
}

function toErrorCode(issue: z.core.$ZodIssue): ErrorCode {
  if (issue.message === REPEATED_MESSAGE) return 'repeated-parameter';
  return issue.code === 'too_big' || issue.code === 'too_small' ? 'out-of-range' : 'invalid-value';
}

function formatDetail(issue: z.core.$ZodIssue): string {
  const inputNote =
    typeof issue.input === 'string' ? ` (given: ${JSON.stringify(issue.input.slice(0, 100))})` : '';
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}${inputNote}`;
  return `${issue.message}${inputNote}`;
}
