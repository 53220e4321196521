/**
 * Building blocks of the zod schemas of fact types.
 *
 * A schema has two sides: its *input* is what an editor writes in a dossier, its *output* is what the store
 * holds and the API returns. For example, a reference is written `country/latvia` and stored as `{type, id}`,
 * and a field that a dossier may leave out is always present in a response.
 */
import * as z from 'zod';
import { shorten } from '../lib/graphemes.ts';

export const ID_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const ID_MAX_LENGTH = 100;
const TEXT_MAX_LENGTH = 20_000;
const LIST_MAX_LENGTH = 1_000;

/** Stored reference. Its label is looked up at the revision that a request reads. */
export interface Reference {
  type: string;
  id: string;
}

/** Schemas that are references, with the types that they may refer to (empty for any type). */
export const referenceRegistry = z.registry<{ types: readonly string[] }>();

/** Types whose facts can act, called "actors" in the documentation. */
export const ACTOR_TYPES = ['person', 'organization', 'country'] as const;

export const idSchema = z
  .string()
  .max(ID_MAX_LENGTH, `must have at most ${ID_MAX_LENGTH} characters`)
  .regex(ID_PATTERN, 'must be lower-case letters and digits in words joined by single hyphens');

/** Id as a parameter. It is a named component, so that client generators create a single type for it. */
export const FactId = idSchema.meta({
  id: 'FactId',
  description: 'Id of a fact: lower-case letters and digits in words joined by single hyphens.',
});

/** Creates a field that refers to a fact of one of `types` (none given: of any type). Written `type/id`. */
export function reference(...types: string[]) {
  const schema = z.string().transform((input, context): Reference => {
    const [type = '', id = '', ...extraParts] = input.split('/');
    const isWellFormed = extraParts.length === 0 && ID_PATTERN.test(id) && id.length <= ID_MAX_LENGTH;
    if (!isWellFormed || !ID_PATTERN.test(type)) {
      context.addIssue(`must be written type/id, such as ${types[0] ?? 'person'}/some-id`);
    } else if (types.length > 0 && !types.includes(type)) {
      context.addIssue(`must refer to a fact of type ${formatList(types)}, not ${type}`);
    }
    return { type, id };
  });
  referenceRegistry.add(schema, { types });
  return schema;
}

/** Creates a field that refers to a person, an organization or a country. */
export const actor = () => reference(...ACTOR_TYPES);

export const NOT_STORABLE_MESSAGE = 'must not contain NUL or half of a surrogate pair';

/** Creates a field for non-empty text that both stores can hold. */
export const text = (maxLength = TEXT_MAX_LENGTH) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`)
    .refine(isStorable, NOT_STORABLE_MESSAGE)
    .refine((value) => value.trim() === value, 'must not begin or end with whitespace');

/** Creates a field for a calendar day, `YYYY-MM-DD`. Rejects the year 0, which did not exist. */
export const day = () =>
  z.iso
    .date({ error: INVALID_DAY_MESSAGE, abort: true })
    .refine((value) => !value.startsWith('0000'), INVALID_DAY_MESSAGE);

const INVALID_DAY_MESSAGE = 'must be an existing day, written YYYY-MM-DD';

/** Fields with a vocabulary that may grow; other texts may have examples too. */
export const openVocabularyRegistry = z.registry<{ examples: readonly string[] }>();

/** Creates a field with a vocabulary that may grow; `examples` are the values in use. */
export const openVocabulary = (...examples: [string, ...string[]]) =>
  z
    .string()
    .max(ID_MAX_LENGTH)
    .regex(
      ID_PATTERN,
      `must be lower-case words joined by hyphens, such as ${examples.slice(0, 3).join(', ')}`,
    )
    .meta({ examples })
    .register(openVocabularyRegistry, { examples });

/** Schema of a field or parameter with a closed set of values. */
export type Vocabulary = z.ZodEnum<Record<string, string>>;

/**
 * Creates a closed vocabulary. Generated clients have a single type called `name` for all its uses.
 * `memberNames` are the names of its values there, if the values are not words themselves.
 */
export const closedVocabulary = <const Values extends readonly [string, ...string[]]>(
  name: string,
  values: Values,
  description: string,
  memberNames?: string[],
) => z.enum(values).meta({ id: name, description, ...(memberNames && { 'x-enum-varnames': memberNames }) });

/** Makes a field nullable; a dossier may leave it out. */
export const nullable = <S extends z.ZodType>(schema: S) => schema.nullable().default(null as never);

/** Creates a list field without duplicates, which may be empty; a dossier may leave it out. */
export const list = <S extends z.ZodType>(schema: S) =>
  z.array(schema).max(LIST_MAX_LENGTH).superRefine(checkUniqueItems).default([]);

export function checkUniqueItems(values: unknown[], context: z.RefinementCtx): void {
  if (values.length < 2) return;
  const seen = new Set<string>();
  for (const [index, value] of values.entries()) {
    const key = JSON.stringify(value);
    if (seen.has(key)) context.addIssue({ code: 'custom', path: [index], message: 'is already in the list' });
    seen.add(key);
  }
}

/** True if both stores can hold `value`: PostgreSQL rejects NUL, and both reject half of a surrogate pair. */
export function isStorable(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}

/** Puts `text` on one line and shortens it, at a space, to at most `maxCodePoints` code points. */
export const truncate = (text: string, maxCodePoints: number): string =>
  shorten(text.replace(/\s+/gu, ' '), maxCodePoints);

/** Formats a list as `a, b or c`. */
export function formatList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
