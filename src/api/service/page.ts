/** Pages of lists. */

/** Sort key of an entry, as cursors contain it. */
export type PagePosition = (string | null)[];

/** Page of a list with the position of its last entry, or null on the last page. */
export interface Page<T, Position extends PagePosition> {
  data: T[];
  next: Position | null;
}

/** Trims `rows`, queried with `limit + 1`, to a page; the extra row means that there is a next page. */
export function takePage<Row, Position>(
  rows: Row[],
  limit: number,
  toPosition: (row: Row) => Position,
): { rows: Row[]; next: Position | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? toPosition(last) : null };
}
