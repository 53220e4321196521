/** Query parameter that selects the revision to read. */
import * as z from 'zod';
import { singleValue } from './params.ts';

export const REVISION_NUMBER = /^(0|[1-9]\d{0,9})$/;
/** Patterns for OpenAPI: they check the form only, since tools fail on a pattern that also checks the day. */
const REVISION_PATTERN = '[1-9][0-9]{0,9}';
const INSTANT_PATTERN =
  '[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?([Zz]|[+-][0-9]{2}:[0-9]{2})';
const Instant = z.iso.datetime({ offset: true });

const AsOf = z
  .string()
  // RFC 3339 allows `t` and `z`; errors show the value as it was sent.
  .refine((text) => REVISION_NUMBER.test(text) || Instant.safeParse(text.toUpperCase()).success, {
    error: 'must be a revision number or an RFC 3339 instant, such as 2022-03-24T12:00:00Z',
  })
  .meta({
    id: 'AsOf',
    description: 'Revision number or RFC 3339 instant.',
    examples: ['1'],
    pattern: `^(${REVISION_PATTERN}|${INSTANT_PATTERN})$`,
  });

export const asOfParam = singleValue(AsOf)
  .optional()
  .describe('Revision number or RFC 3339 instant to read at. Default: the newest revision.');
