/** Opening PostgreSQL, directly or through a pooler that hands out connections transaction by transaction. */
import {
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type RawBuilder,
  sql,
} from 'kysely';
import { Pool, type PoolConfig } from 'pg';
import { parse, toClientConfig } from 'pg-connection-string';
import {
  asReader,
  countWrites,
  createWriteLockTimeoutError,
  type Database,
  query,
  runInTransaction,
  StoreUnavailable,
  WRITE_LOCK_TIMEOUT_S,
  type Writer,
} from '../database.ts';
import { latestRevision } from '../queries/revisions.ts';
import type { Tables } from '../schema.ts';

export interface PostgresOptions {
  /** How many connections read at the most; one more writes. */
  poolSize: number;
  /** How long a statement that reads may take. */
  statementTimeoutMs: number;
}

/** The oldest version that is tested. */
const MIN_SERVER_VERSION = 150_000;
/** How long to wait for a connection to read by: from the server, or for one of the pool's to be free. */
const CONNECTION_TIMEOUT_MS = 5_000;
/** After how long without a word the network is asked whether the server is still there. */
const KEEP_ALIVE_DELAY_MS = 10_000;
/** A process that vanishes in the middle of a transaction must not hold its locks for ever. */
const IDLE_TIMEOUT_S = 60;
/** With the name of the schema, the lock that whoever writes holds; any number that nobody else in the database uses. */
const WRITE_LOCK_ID = 7_357_033;

/** What the driver says of a connection that is in no transaction. */
const IDLE_STATUS = 'I';

/** For how long a store is taken not to have changed: asking costs a way to the server and back. */
const PROBE_MAX_AGE_MS = 100;

const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';

/** Opens the store at `connection`, a URL as libpq knows it, and makes the schema that it is to be in. */
export async function openPostgres(
  connection: string,
  schema: string | null,
  options: PostgresOptions,
): Promise<Database> {
  const database = await connectPostgres(connection, schema, options);
  try {
    if (schema !== null) await createSchema(database, schema);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The same with nothing made, on a server that has been found to answer. */
export async function connectPostgres(
  connection: string,
  schema: string | null,
  { poolSize, statementTimeoutMs }: PostgresOptions,
): Promise<Database> {
  const config = toClientConfig(parse(connection, { useLibpqCompat: true }));
  const reader = createKysely({
    ...config,
    max: poolSize,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    // The server keeps to its statement timeout; this is for one that is not there any more to do so.
    query_timeout: statementTimeoutMs + CONNECTION_TIMEOUT_MS,
  });
  const writer = createKysely({ ...config, max: 1, connectionTimeoutMillis: WRITE_LOCK_TIMEOUT_S * 1_000 });
  const database = createPostgresDatabase({ reader, writer, schema, statementTimeoutMs });
  try {
    await assertSupportedServer(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

function createKysely(config: PoolConfig): Kysely<Tables> {
  const pool = new Pool({ keepAlive: true, keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS, ...config });
  // A connection that breaks between two questions is taken out of the pool, and whoever holds it sees the next one
  // fail; without these the process would end.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: createIdleOnlyPool(pool) }) });
}

/** A pool that closes a connection rather than take it back in the middle of a transaction. */
function createIdleOnlyPool(pool: Pool): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      return {
        query: client.query.bind(client) as PostgresPoolClient['query'],
        release: () => client.release(client.getTransactionStatus() !== IDLE_STATUS),
      };
    },
  };
}

interface PostgresHandles {
  reader: Kysely<Tables>;
  writer: Kysely<Tables>;
  /** Where the tables are; null for where the server's own search path says. */
  schema: string | null;
  statementTimeoutMs: number;
}

export function createPostgresDatabase({
  reader,
  writer,
  schema,
  statementTimeoutMs,
}: PostgresHandles): Database {
  // Settings hold for one transaction only: behind a pooler the next one may run on another connection.
  const createBegin = (
    mode: string,
    settings: Record<string, string>,
    ...statements: RawBuilder<unknown>[]
  ) => {
    const path = schema === null ? {} : { search_path: schema };
    const entries = Object.entries({
      idle_in_transaction_session_timeout: `${IDLE_TIMEOUT_S}s`,
      ...settings,
      ...path,
    });
    const setStatements = entries.map(([name, value]) => sql`set local ${sql.raw(name)} = ${sql.lit(value)}`);
    // All in one message, and one way to the server and back.
    const message = sql.join([sql.raw(`begin ${mode}`), ...setStatements, ...statements], sql`; `);
    return (connection: Writer) => message.execute(connection);
  };
  const beginRead = createBegin('isolation level repeatable read read only', {
    statement_timeout: String(statementTimeoutMs),
    // Readers wait for nobody but migrations, and then for no longer than a statement may take.
    lock_timeout: '0',
  });
  const beginWrite = createBegin(
    'isolation level read committed read write',
    { statement_timeout: '0', lock_timeout: `${WRITE_LOCK_TIMEOUT_S}s` },
    // Taken before the first snapshot, so that whoever gets it sees all that the one before has written.
    sql`select pg_advisory_xact_lock(${sql.lit(WRITE_LOCK_ID)}, hashtext(${schema === null ? sql`current_schema()` : sql.lit(schema)}))`,
  );
  const read: Database['read'] = (work) =>
    runInTransaction(reader, beginRead, (db) => work(asReader(db))).catch(translateError);
  return {
    read,
    ...countWrites((work) => runInTransaction(writer, beginWrite, work).catch(translateError), {
      readLatestRevision: () => read(latestRevision),
      maxAgeMs: PROBE_MAX_AGE_MS,
      writeCount: 0,
    }),
    // Its dead rows, its write-ahead log and the copies of both are its administrator's: README says what to do.
    async vacuum() {},
    async close() {
      await Promise.all([reader.destroy(), writer.destroy()]);
    },
  };
}

/**
 * Connections that broke (classes 08 and 57P), servers that are full (53), transactions that stood idle (25P03) or that
 * a standby gave up (40001).
 */
const CONNECTION_ERRORS = /^(08|53|57P|25P03$|40001$)|^E(CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)/;
const CONNECTION_ERROR_MESSAGES = /^Connection terminated|not queryable$|^Query read timeout$/;

/** Throws the error as one that says whether asking again may help. */
function translateError(error: unknown): never {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string };
  if (code === LOCK_NOT_AVAILABLE) throw createWriteLockTimeoutError(cause);
  if (code === QUERY_CANCELED) throw new StoreUnavailable('The question took the store too long.', { cause });
  if (CONNECTION_ERRORS.test(code) || CONNECTION_ERROR_MESSAGES.test(message)) {
    throw new StoreUnavailable('The store does not answer.', { cause });
  }
  throw error;
}

/** Refuses a server that the store cannot be kept on. */
async function assertSupportedServer(database: Database): Promise<void> {
  const [server] = await database.read((db) =>
    query(
      db,
      sql<{ version: string; number: number; encoding: string }>`
      select current_setting('server_version') as version, current_setting('server_version_num')::integer as number,
        current_setting('server_encoding') as encoding`,
    ),
  );
  if (!server) throw new Error('the server does not say what it is');
  if (server.number < MIN_SERVER_VERSION) {
    throw new Error(`PostgreSQL ${server.version} is too old: it must be 15 or later`);
  }
  if (server.encoding !== 'UTF8') {
    throw new Error(`the database is encoded in ${server.encoding}: it must be UTF8`);
  }
}

async function createSchema(database: Database, schema: string): Promise<void> {
  const [row] = await database.read((db) =>
    query(db, sql<{ there: boolean }>`select to_regnamespace(${schema}) is not null as there`),
  );
  if (row?.there) return;
  await database.write((db) => db.schema.createSchema(schema).ifNotExists().execute());
}
