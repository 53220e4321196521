/** Rule of src/store/database.ts: reads are `sql` templates for `query`, and only the drivers run statements. */
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** The drivers and their interface, and the archive that is an SQLite file of its own. */
const MAY_RUN_STATEMENTS = /^src\/(store\/(database\.ts|sqlite|postgres)|formats\/archives\/sqlite)/;

const sources = globSync('src/**/*.ts').map((path) => ({ path, text: readFileSync(path, 'utf8') }));

const findFiles = (pattern: RegExp): string[] =>
  sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

it('builds no read with Kysely', () => {
  expect(sources.length).toBeGreaterThan(250);
  expect(findFiles(/\bselect(From|NoFrom)\(/)).toEqual([]);
});

it('runs templates and prepared statements only in the drivers', () => {
  const paths = findFiles(/\.(execute\((?!\))|executeQuery\(|executeTakeFirst|stream\(|prepare\()/);
  expect(paths).toContain('src/store/database.ts');
  expect(paths.filter((path) => !MAY_RUN_STATEMENTS.test(path))).toEqual([]);
});
