/** Lists in one cell of a table. */

/** Text between the entries of a list. */
export const LIST_SEPARATOR = '; ';

/** Rule by which readers split a list, for the documentation. */
export const LIST_RULE =
  'Values of a list are joined by "; ", in the same order in every column of the list. A "; " within a value is written ' +
  '"\\; ", and backslashes before a semicolon or at the end of a value are doubled: a "; " after an odd number of ' +
  'backslashes is part of a value.';

type Entry = string | number | boolean | null;

/**
 * Joins the entries of a list by `LIST_RULE`; null if none has a value. An entry without a value becomes empty,
 * so that its position is the same in every column.
 */
export const joinList = (entries: Entry[]): string | null =>
  entries.some((entry) => entry !== null) ? entries.map(escapeSeparator).join(LIST_SEPARATOR) : null;

/** Marks what would be read as the end of an entry; other semicolons and backslashes stay unchanged. */
function escapeSeparator(entry: Entry): string {
  const text = String(entry ?? '');
  if (!text.includes(';') && !text.endsWith('\\')) return text;
  return text.replace(/\\+(?=;|$)/g, '$&$&').replace(/;(?= )/g, '\\;');
}
