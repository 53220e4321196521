/** Opening PostgreSQL, directly or through a pooler that hands out connections transaction by transaction. */
import { Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import { Pool, type PoolConfig } from 'pg';
import { parse, toClientConfig } from 'pg-connection-string';
import type { Tables } from '../tables.ts';
import {
  asReader,
  type Database,
  inTransaction,
  StoreUnavailable,
  TURN_TIMEOUT_S,
  turnTimedOut,
  type Writer,
} from './database.ts';

export interface PostgresOptions {
  /** How many connections read at the most; one more writes. */
  poolSize: number;
  /** How long a statement that reads may take. */
  statementTimeoutMs: number;
}

/** What every version must have been tried with. */
const MIN_SERVER_VERSION = 150_000;
/** How long to wait for a connection: from the server, or for one of the pool's to be free. */
const CONNECTION_TIMEOUT_MS = 5_000;
/** A process that vanishes in the middle of a transaction must not hold its locks for ever. */
const IDLE_TIMEOUT_S = 60;
/** The lock that whoever writes holds; any number that nobody else in the database uses. */
const WRITERS_LOCK = 7_357_033;

const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';

/** Opens the store at `connection`, a URL as libpq knows it, on a server that has been found to answer. */
export async function openPostgres(
  connection: string,
  schema: string | null,
  { poolSize, statementTimeoutMs }: PostgresOptions,
): Promise<Database> {
  const config = toClientConfig(parse(connection, { useLibpqCompat: true }));
  const reader = kyselyOn({ ...config, max: poolSize });
  const writer = kyselyOn({ ...config, max: 1 });
  const database = postgresDatabase({ reader, writer, schema, statementTimeoutMs });
  try {
    await refuseUnfitServer(database);
    if (schema !== null) await makeSchema(database, schema);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function kyselyOn(config: PoolConfig): Kysely<Tables> {
  const pool = new Pool({ keepAlive: true, connectionTimeoutMillis: CONNECTION_TIMEOUT_MS, ...config });
  // A connection that breaks between two questions is taken out of the pool, and whoever holds it sees the next one
  // fail; without these the process would end.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

export interface PostgresHandles {
  reader: Kysely<Tables>;
  writer: Kysely<Tables>;
  /** Where the tables are; null for where the server's own search path says. */
  schema: string | null;
  statementTimeoutMs: number;
}

export function postgresDatabase({ reader, writer, schema, statementTimeoutMs }: PostgresHandles): Database {
  // Settings hold for one transaction only: behind a pooler the next one may run on another connection.
  const begin = (mode: string, settings: Record<string, string>, ...then: RawBuilder<unknown>[]) => {
    const path = schema === null ? {} : { search_path: schema };
    const set = Object.entries({
      idle_in_transaction_session_timeout: `${IDLE_TIMEOUT_S}s`,
      ...settings,
      ...path,
    });
    const local = set.map(([name, value]) => sql`set local ${sql.raw(name)} = ${sql.lit(value)}`);
    // All in one message, and one way to the server and back.
    const message = sql.join([sql.raw(`begin ${mode}`), ...local, ...then], sql`; `);
    return (connection: Writer) => message.execute(connection);
  };
  const beginReading = begin('isolation level repeatable read read only', {
    statement_timeout: String(statementTimeoutMs),
  });
  const beginWriting = begin(
    'isolation level read committed read write',
    { statement_timeout: '0', lock_timeout: `${TURN_TIMEOUT_S}s` },
    // Taken before the first snapshot, so that whoever gets it sees all that the one before has written.
    sql`select pg_advisory_xact_lock(${sql.lit(WRITERS_LOCK)})`,
  );
  return {
    read: (work) => inTransaction(reader, beginReading, (db) => work(asReader(db))).catch(tell),
    write: (work) => inTransaction(writer, beginWriting, work).catch(tell),
    async close() {
      await reader.destroy();
      if (writer !== reader) await writer.destroy();
    },
  };
}

/** Connections that broke (class 08, 57P), servers that are full (53), and transactions that stood idle (25P03). */
const LOST = /^(08|53|57P|25P03$)|^E(CONN|PIPE|TIMEDOUT|HOSTUNREACH)/;
const LOST_MESSAGES = /^Connection terminated|not queryable$/;

/** Throws the error as one that says whether asking again may help. */
function tell(error: unknown): never {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string };
  if (code === LOCK_NOT_AVAILABLE) throw turnTimedOut(cause);
  if (code === QUERY_CANCELED) throw new StoreUnavailable('The question took the store too long.', { cause });
  if (LOST.test(code) || LOST_MESSAGES.test(message)) {
    throw new StoreUnavailable('The store does not answer.', { cause });
  }
  throw error;
}

/** Refuses a server that the store cannot be kept on. */
async function refuseUnfitServer(database: Database): Promise<void> {
  const { rows } = await database.read((db) =>
    sql<{ version: string; number: number; encoding: string }>`
      select current_setting('server_version') as version, current_setting('server_version_num')::integer as number,
        current_setting('server_encoding') as encoding`.execute(db as never),
  );
  const [server] = rows;
  if (!server) throw new Error('the server does not say what it is');
  if (server.number < MIN_SERVER_VERSION) {
    throw new Error(`PostgreSQL ${server.version} is too old: it must be 15 or later`);
  }
  if (server.encoding !== 'UTF8') {
    throw new Error(`the database is encoded in ${server.encoding}: it must be UTF8`);
  }
}

async function makeSchema(database: Database, schema: string): Promise<void> {
  const { rows } = await database.read((db) =>
    sql<{ there: boolean }>`select to_regnamespace(${schema}) is not null as there`.execute(db as never),
  );
  if (rows[0]?.there) return;
  await database.write((db) => db.schema.createSchema(schema).ifNotExists().execute());
}
