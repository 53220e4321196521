/** Query parameters of every paginated list. */
import * as z from 'zod';
import { integerBetween, singleValue } from '../../http/params.ts';
import { MAX_CURSOR_LENGTH } from '../respond/cursor.ts';

export const MAX_LIMIT = 200;
const DEFAULT_LIMIT = 50;

const limitParam = singleValue(integerBetween(1, MAX_LIMIT))
  .default(DEFAULT_LIMIT)
  .describe(`Maximum number of entries per page, from 1 to ${MAX_LIMIT}. Default ${DEFAULT_LIMIT}.`);

const CursorParam = z
  .string()
  .max(MAX_CURSOR_LENGTH)
  .meta({ id: 'Cursor', description: 'Position in a list, valid only for the list that returned it.' });

export const pageParameters = {
  limit: limitParam,
  cursor: singleValue(CursorParam)
    .optional()
    .describe('Cursor from `links.next` or `meta.nextCursor` of the previous page. Default: the first page.'),
};
