/** Rows per SQL statement: well below the parameter limits of SQLite and PostgreSQL. */
export const BATCH_SIZE = 200;

export function* chunk<T>(items: T[], size = BATCH_SIZE): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
