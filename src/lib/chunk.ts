/** Rows in one statement: well below the bound on parameters of either store. */
export const BATCH = 200;

export function* batches<T>(all: T[], size = BATCH): Generator<T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}
