import { PostgresAdapter } from 'kysely';
import type { Reader, Writer } from '../database.ts';

/** True for PostgreSQL; the only other dialect is SQLite. */
export const isPostgres = (db: Reader | Writer): boolean =>
  (db as Writer).getExecutor().adapter instanceof PostgresAdapter;
