/** Part of better-sqlite3's interface that reads use. */
export interface SqliteHandle {
  prepare(text: string): SqliteStatement;
  function(name: string, options: { deterministic: boolean; varargs: boolean }, work: () => number): unknown;
  pragma(text: string): unknown;
  exec(text: string): unknown;
  readonly inTransaction: boolean;
  /** Throws if the file has changed although it was opened as immutable. */
  assertUnchanged?(): void;
  close(): unknown;
}

export interface SqliteStatement {
  reader: boolean;
  all(...values: unknown[]): unknown[];
  get(...values: unknown[]): unknown;
  run(...values: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...values: unknown[]): IterableIterator<unknown>;
}
