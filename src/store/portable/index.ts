/** The one place that knows the dialect: everything that SQLite and PostgreSQL do each in a way of its own. */
export * from './database.ts';
export { insertRows, tableOf } from './rows.ts';
export * from './schema.ts';
export * from './search.ts';
