/** Dumps of a store as SQL: the schema for reading, and the schema with rows for restoring. */
import { sql } from 'kysely';
import { asReader, type Writer } from '../../src/store/database.ts';
import { isPostgres } from '../../src/store/dialect/is-postgres.ts';
import type { Tables } from '../../src/store/schema.ts';

/** Returns everything that the migrations create, in a fixed order. */
export const dumpSchema = (db: Writer): Promise<string> =>
  isPostgres(db) ? dumpPostgresSchema(db) : dumpSqliteSchema(db);

async function dumpSqliteSchema(db: Writer): Promise<string> {
  // The shadow tables of a virtual table are created with it.
  const { rows } = await sql<{ sql: string }>`select sql from sqlite_schema
    where sql is not null and name not like 'search!_%' escape '!' order by type desc, name`.execute(db);
  return rows.map((row) => `${formatCreateTable(row.sql)};\n`).join('\n');
}

/** Formats a `create table` with one line per column. */
function formatCreateTable(statement: string): string {
  const [, head, columns, tail] = /^(create (?:virtual )?table .*?\()(.*)(\).*)$/is.exec(statement) ?? [];
  if (!head) return statement;
  const parts = columns?.split(/,\s*(?![^()]*\))/).map((part) => `  ${part.trim()}`);
  return `${head}\n${parts?.join(',\n')}\n${tail}`;
}

async function dumpPostgresSchema(db: Writer): Promise<string> {
  const queryLines = async (statement: ReturnType<typeof sql<{ line: string }>>) =>
    (await statement.execute(db)).rows.map(({ line }) => line);
  const tables = await queryLines(sql`
    select format(e'create table %I (\n%s\n);\n', c.relname, string_agg(column_line, e',\n' order by attnum)) as line
    from pg_class c cross join lateral (
      select a.attnum, concat('  ', quote_ident(a.attname), ' ', format_type(a.atttypid, a.atttypmod),
        case when a.attcollation <> t.typcollation then format(' collate %I', l.collname) end,
        case when a.attnotnull then ' not null' end) as column_line
      from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_collation l on l.oid = a.attcollation
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) columns
    where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
    group by c.relname order by c.relname`);
  // Since PostgreSQL 18, `not null` is a constraint too.
  const constraints = await queryLines(sql`
    select format('alter table %I add constraint %I %s;', c.relname, k.conname, pg_get_constraintdef(k.oid)) as line
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where k.contype <> 'n' and c.relnamespace = current_schema()::regnamespace
    order by k.contype = 'f', c.relname, k.conname`);
  const indexes = await queryLines(sql`
    select replace(pg_get_indexdef(i.indexrelid), format(' ON %I.', current_schema()), ' ON ') || ';' as line
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = current_schema()::regnamespace
      and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
    order by c.relname`);
  return [...tables, ...constraints, '', ...indexes, ''].join('\n');
}

/** Tables that restore a store, each after the tables it refers to; all other tables are derived. */
const DUMPED_TABLES = ['migration', 'revision', 'dossier', 'identity', 'fact', 'term', 'span'] as const;

/** Returns a script that restores the store, except for the search index, which the next start rebuilds. */
export async function dumpStore(db: Writer): Promise<string> {
  const parts = [await dumpSchema(db)];
  for (const table of DUMPED_TABLES) {
    const rows = await asReader(db)
      .selectFrom(table as keyof Tables)
      .selectAll()
      .execute();
    parts.push(
      rows
        .map((row) => `${formatInsert(table, row)};\n`)
        .sort()
        .join(''),
    );
  }
  return parts.join('\n');
}

function formatInsert(table: string, row: object): string {
  const columns = Object.keys(row).map((name) => `"${name}"`);
  const values = Object.entries(row).map(([name, value]) => {
    // The time of a migration varies from run to run.
    if (name === 'applied_at') return "'2031-05-02T00:00:00.000Z'";
    return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
  });
  return `insert into ${table} (${columns.join(', ')}) values (${values.join(', ')})`;
}
