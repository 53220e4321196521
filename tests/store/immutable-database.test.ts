import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/store/database.ts';
import { openImmutable } from '../../src/store/sqlite/immutable-database.ts';
import { createTemporaryFolder } from '../support/app.ts';

function createFile(): string {
  // A name that would end a URL early.
  const path = join(createTemporaryFolder(), 'a?b#c%20d.sqlite');
  new BetterSqlite3(path).exec("create table t (a, b); insert into t values (1, null), (2, 'x')").close();
  return path;
}

it('reads like better-sqlite3, and cannot write', () => {
  const database = openImmutable(createFile());
  const statement = database.prepare('select a, b from t where a >= ? and a <= ?');
  expect(statement.all(1, 2).map((row) => ({ ...(row as object) }))).toEqual([
    { a: 1, b: null },
    { a: 2, b: 'x' },
  ]);
  // Kysely passes the values as one list.
  expect({ ...(statement.get([2, 2]) as object) }).toEqual({ a: 2, b: 'x' });
  expect(() => database.exec('insert into t values (3, 4)')).toThrow(/readonly/);
  database.exec('begin');
  expect(database.inTransaction).toBe(true);
  database.exec('rollback');
  database.close();
  database.close();
});

it('passes on the error of a function', () => {
  const database = openImmutable(createFile());
  database.function('in_time', { deterministic: false, varargs: false }, () => {
    throw new StoreUnavailable('The query timed out');
  });
  expect(() => database.prepare('select a from t where in_time()').all()).toThrow(StoreUnavailable);
  database.close();
});

it('notices that the file has changed', () => {
  const path = createFile();
  const database = openImmutable(path);
  database.assertUnchanged?.();
  appendFileSync(path, 'x');
  expect(() => database.assertUnchanged?.()).toThrow(StoreUnavailable);
  database.close();
});
