/**
 * The building blocks of a resource's zod schema.
 *
 * One schema has two sides: what an editor writes in a dossier is its *input*, what the store keeps and the
 * API answers is its *output*. So a reference is written `country/latvia` and kept as `{type, id}`, and a field
 * that may be left out in a dossier is always present in an answer.
 */
import * as z from 'zod';

export const ID_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;
export const ID_MAX_LENGTH = 100;
export const TEXT_MAX_LENGTH = 20_000;
export const LIST_MAX_LENGTH = 1_000;

/** A reference as it is kept. Its label is looked up at the revision that is read. */
export interface Reference {
  type: string;
  id: string;
}

/** Which schemas are references, and to which types (none listed: to any type). */
export const referenceRegistry = z.registry<{ types: readonly string[] }>();

/** The types whose facts can act: "actor" in the documentation. */
export const ACTOR_TYPES = ['person', 'organization', 'country'] as const;

export const idSchema = z
  .string()
  .max(ID_MAX_LENGTH, `must have at most ${ID_MAX_LENGTH} characters`)
  .regex(ID_PATTERN, 'must be lower-case letters and digits in words joined by single hyphens');

/** An id, as parameters take it: generators of clients make one type of it. */
export const FactId = idSchema.meta({
  id: 'FactId',
  description: 'Words of lower-case letters and digits, joined by hyphens.',
});

/** A field that refers to another fact, of one of `types`. Written `type/id`. */
export function reference(...types: string[]) {
  const schema = z.string().transform((input, context): Reference => {
    const [type = '', id = '', ...extraParts] = input.split('/');
    const isWellFormed = extraParts.length === 0 && ID_PATTERN.test(id) && id.length <= ID_MAX_LENGTH;
    if (!isWellFormed || !ID_PATTERN.test(type)) {
      context.addIssue(`must be written type/id, such as ${types[0] ?? 'person'}/some-id`);
    } else if (types.length > 0 && !types.includes(type)) {
      context.addIssue(`refers to a ${type}, and must refer to ${formatList(types)}`);
    }
    return { type, id };
  });
  referenceRegistry.add(schema, { types });
  return schema;
}

/** A field that refers to a person, an organization or a country. */
export const actor = () => reference(...ACTOR_TYPES);

export const NOT_STORABLE_MESSAGE = 'must not hold NUL or half of a surrogate pair';

/** Text that is not empty and that every store can keep. */
export const text = (maxLength = TEXT_MAX_LENGTH) =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(maxLength, `must have at most ${maxLength} characters`)
    .refine(isStorable, NOT_STORABLE_MESSAGE)
    .refine((value) => value.trim() === value, 'must not begin or end with white space');

/** A calendar day, `YYYY-MM-DD`; there was no year 0. */
export const day = () =>
  z.iso.date(INVALID_DAY_MESSAGE).refine((value) => !value.startsWith('0000'), INVALID_DAY_MESSAGE);

const INVALID_DAY_MESSAGE = 'must be a day that exists, written YYYY-MM-DD';

/** A string from a vocabulary that may grow; `examples` are the values in use. */
export const openVocabulary = (...examples: [string, ...string[]]) =>
  z
    .string()
    .max(ID_MAX_LENGTH)
    .regex(
      ID_PATTERN,
      `must be lower-case words joined by hyphens, such as ${examples.slice(0, 3).join(', ')}`,
    )
    .meta({ examples });

/** Some words, of which a field or a parameter has one. */
export type Vocabulary = z.ZodEnum<Record<string, string>>;

/**
 * A closed vocabulary. Whoever generates a client gets one type of this `name`, wherever it stands; `members` are what
 * its values are called there, if they are no words themselves.
 */
export const closedVocabulary = <const Values extends readonly [string, ...string[]]>(
  name: string,
  values: Values,
  description: string,
  memberNames?: string[],
) => z.enum(values).meta({ id: name, description, ...(memberNames && { 'x-enum-varnames': memberNames }) });

/** A field that may be null; a dossier may leave it out. */
export const nullable = <S extends z.ZodType>(schema: S) => schema.nullable().default(null as never);

/** A list that may be empty, and says nothing twice; a dossier may leave it out. */
export const list = <S extends z.ZodType>(schema: S) =>
  z.array(schema).max(LIST_MAX_LENGTH).superRefine(checkUniqueItems).default([]);

export function checkUniqueItems(values: unknown[], context: z.RefinementCtx): void {
  if (values.length < 2) return;
  const seen = new Set<string>();
  for (const [index, value] of values.entries()) {
    const key = JSON.stringify(value);
    if (seen.has(key)) context.addIssue({ code: 'custom', path: [index], message: 'is given already' });
    seen.add(key);
  }
}

/** Whether both stores can keep `value`: PostgreSQL has no NUL, and neither has half a character. */
export function isStorable(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}

/** `text` on one line, cut at a space to at most `max` code points. */
export function truncate(text: string, maxCodePoints: number): string {
  const codePoints = Array.from(text.replace(/\s+/gu, ' '));
  if (codePoints.length <= maxCodePoints) return codePoints.join('');
  const head = codePoints.slice(0, maxCodePoints - 3).join('');
  return `${head.replace(/\s+\S*$/u, '')}...`;
}

/** `a, b or c` */
export function formatList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
