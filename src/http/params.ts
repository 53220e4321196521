/** Parameters as zod schemas: `single` takes one value, `many` a comma or a repeat for OR. */
import * as z from 'zod';
import { invalidParameters, type ProblemError, type ReasonCode } from '../lib/problem-details.ts';
import { ENCODED_COMMA } from './query-string.ts';

/** Values that one OR may have. */
export const MAX_VALUES = 100;

const REPEATED = 'is given more than once, and takes one value';

/** A parameter that may be given once. */
export const single = <S extends z.ZodType<unknown, string>>(schema: S) =>
  z
    .array(z.string())
    .max(1, REPEATED)
    .transform(([value = '']) => withCommas(value))
    .pipe(schema);

/** A parameter whose values, ids or words of a vocabulary, are joined by commas or repeated. */
export const many = <S extends z.ZodType<unknown, string>>(schema: S) =>
  listOf(schema, (given) => withCommas(given).split(','));

/** The same for free texts: an encoded comma is part of the value. */
export const manyTexts = <S extends z.ZodType<unknown, string>>(schema: S) =>
  listOf(schema, (given) => given.split(',').map(withCommas));

const withCommas = (value: string): string => value.replaceAll(ENCODED_COMMA, ',');

const listOf = <S extends z.ZodType<unknown, string>>(schema: S, valuesIn: (given: string) => string[]) =>
  z
    .array(z.string())
    .transform((given) => given.flatMap(valuesIn))
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
export const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,14})$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(
      z.int().min(least, `must be from ${least} to ${most}`).max(most, `must be from ${least} to ${most}`),
    );

/** The parsed values, or a 400 that names each parameter that is wrong. */
export function parsed<S extends z.ZodObject>(schema: S, values: Record<string, unknown>): z.output<S> {
  const result = schema.safeParse(values, { reportInput: true });
  if (result.success) return result.data;
  throw invalidParameters(result.error.issues.flatMap((issue) => errorsOf(issue, schema)));
}

function errorsOf(issue: z.core.$ZodIssue, schema: z.ZodObject): ProblemError[] {
  if (issue.code === 'unrecognized_keys') {
    const allowed = Object.keys(schema.shape).sort().join(', ') || 'none';
    const detail = `there is no such parameter here; allowed are: ${allowed}`;
    return issue.keys.map((parameter) => ({ parameter, code: 'unknown-parameter', detail }));
  }
  const parameter = String(issue.path[0]);
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    const meaning = (schema.shape[parameter] as z.ZodType | undefined)?.description ?? '';
    return [{ parameter, code: 'missing-parameter', detail: `must be given. ${meaning}`.trim() }];
  }
  return [{ parameter, code: reasonOf(issue), detail: detailOf(issue) }];
}

function reasonOf(issue: z.core.$ZodIssue): ReasonCode {
  if (issue.message === REPEATED) return 'repeated-parameter';
  return issue.code === 'too_big' || issue.code === 'too_small' ? 'out-of-range' : 'invalid-value';
}

function detailOf(issue: z.core.$ZodIssue): string {
  const given =
    typeof issue.input === 'string' ? ` (given: ${JSON.stringify(issue.input.slice(0, 100))})` : '';
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}${given}`;
  return `${issue.message}${given}`;
}
