/** Rows in one statement: well below the bound on parameters of either store. */
export const BATCH_SIZE = 200;

export function* chunk<T>(items: T[], size = BATCH_SIZE): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
