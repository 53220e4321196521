/** PostgreSQL driver, which also works through a pooler that assigns connections per transaction. */
import {
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type RawBuilder,
  sql,
} from 'kysely';
import { type ClientConfig, Pool, type PoolConfig } from 'pg';
import { parse, toClientConfig } from 'pg-connection-string';
import {
  asReader,
  countWrites,
  createWriteLockTimeoutError,
  type Database,
  query,
  ReadOnlyStoreError,
  runInTransaction,
  StoreUnavailable,
  WRITE_LOCK_TIMEOUT_S,
  type Writer,
} from '../database.ts';
import type { PostgresUrl } from '../postgres-url.ts';
import { latestRevision } from '../queries/revisions.ts';
import type { Tables } from '../schema.ts';

export interface PostgresOptions {
  /** Maximum number of connections for reads; writes use one more. */
  poolSize: number;
  /** Time limit for each statement of a read; writes have none. */
  statementTimeoutMs: number;
}

/** Oldest version that is tested. */
const MIN_SERVER_VERSION = 150_000;
/** Time that a read waits for a connection, from the server or from the pool. */
const CONNECTION_TIMEOUT_MS = 5_000;
/** Idle time after which TCP checks that the server is still reachable. */
const KEEP_ALIVE_DELAY_MS = 10_000;
/** A process that vanishes in the middle of a transaction must not hold its locks forever. */
const IDLE_TIMEOUT_S = 60;
/** First key of the advisory lock for writes, unique in the database; the schema name is the second. */
const WRITE_LOCK_ID = 7_357_033;

/** Status that the driver reports for a connection without a transaction. */
const IDLE_STATUS = 'I';

/** Time for which the store is assumed unchanged: a check costs a round trip to the server. */
const PROBE_MAX_AGE_MS = 100;

const LOCK_NOT_AVAILABLE = '55P03';
const QUERY_CANCELED = '57014';
const FEATURE_NOT_SUPPORTED = '0A000';

/** Opens the database, and creates the schema if it is missing. */
export async function openPostgres(url: PostgresUrl, options: PostgresOptions): Promise<Database> {
  const database = await connectPostgres(url, options);
  try {
    if (url.schema !== null) await createSchema(database, url.schema);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Opens the database without creating anything, and checks that the server responds and is supported. */
export async function connectPostgres(url: PostgresUrl, options: PostgresOptions): Promise<Database> {
  const config: ClientConfig = {
    ...toClientConfig(parse(url.connection, { useLibpqCompat: true })),
    enableChannelBinding: url.settings.usesChannelBinding,
  };
  try {
    return await connectWith(config, url, options);
  } catch (error) {
    if (!url.settings.tlsIsOptional || !isTlsMissing(error)) throw error;
    return connectWith({ ...config, ssl: false }, url, options);
  }
}

/** True if the server offers no TLS. */
const isTlsMissing = (error: unknown): boolean =>
  /does not support SSL/.test(String((error as { cause?: { message?: string } }).cause?.message));

async function connectWith(
  config: ClientConfig,
  { schema, settings }: PostgresUrl,
  { poolSize, statementTimeoutMs }: PostgresOptions,
): Promise<Database> {
  const connectionTimeoutMs = settings.connectTimeoutMs ?? CONNECTION_TIMEOUT_MS;
  const reader = createKysely({
    ...config,
    max: poolSize,
    connectionTimeoutMillis: connectionTimeoutMs,
    // The server enforces the statement timeout; this one is for a server that has disappeared.
    query_timeout: statementTimeoutMs + connectionTimeoutMs,
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
  // A connection that breaks while idle is removed from the pool; the next query on one in use fails. Without
  // these listeners the process would exit.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: createIdleOnlyPool(pool) }) });
}

/** Wraps a pool so that it closes a connection that is released in the middle of a transaction. */
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
  /** Schema of the tables; null if the server's search path determines it. */
  schema: string | null;
  statementTimeoutMs: number;
}

export function createPostgresDatabase({
  reader,
  writer,
  schema,
  statementTimeoutMs,
}: PostgresHandles): Database {
  // Settings apply to one transaction only: behind a pooler the next one may run on another connection.
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
    // All statements in one message, which takes one round trip.
    const message = sql.join([sql.raw(`begin ${mode}`), ...setStatements, ...statements], sql`; `);
    return (connection: Writer) => message.execute(connection);
  };
  const beginRead = createBegin('isolation level repeatable read read only', {
    statement_timeout: String(statementTimeoutMs),
    // Reads wait only for migrations, and no longer than the statement timeout.
    lock_timeout: '0',
  });
  const beginWrite = createBegin(
    'isolation level read committed read write',
    { statement_timeout: '0', lock_timeout: `${WRITE_LOCK_TIMEOUT_S}s` },
    // Acquired before the first snapshot, so that a writer sees everything that the previous one has written.
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
    // Dead rows, the write-ahead log and copies are left to the administrator; see docs/OPERATIONS.md.
    async vacuum() {},
    async close() {
      await Promise.all([reader.destroy(), writer.destroy()]);
    },
  };
}

/**
 * Broken connections (classes 08 and 57P), servers out of resources (53), and transactions that were idle for
 * too long (25P03) or that a standby canceled (40001).
 */
const CONNECTION_ERRORS = /^(08|53|57P|25P03$|40001$)|^E(CONN|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)/;
const CONNECTION_ERROR_MESSAGES = /^Connection terminated|not queryable$|^Query read timeout$/;

/** Throws an error that a retry may resolve as `StoreUnavailable`, and any other error unchanged. */
function translateError(error: unknown): never {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  const { code = '', message = '' } = (cause ?? {}) as { code?: string; message?: string };
  // A standby does not even begin a transaction that may write.
  if (code === FEATURE_NOT_SUPPORTED && error instanceof StoreUnavailable)
    throw new ReadOnlyStoreError(message);
  if (code === LOCK_NOT_AVAILABLE) throw createWriteLockTimeoutError(cause);
  if (code === QUERY_CANCELED) throw new StoreUnavailable('The query timed out', { cause });
  if (CONNECTION_ERRORS.test(code) || CONNECTION_ERROR_MESSAGES.test(message)) {
    throw new StoreUnavailable('The database does not respond', { cause });
  }
  throw error;
}

async function assertSupportedServer(database: Database): Promise<void> {
  const [server] = await database.read((db) =>
    query(
      db,
      sql<{ version: string; number: number; encoding: string }>`
      select current_setting('server_version') as version, current_setting('server_version_num')::integer as number,
        current_setting('server_encoding') as encoding`,
    ),
  );
  if (!server) throw new Error('the server does not report its version');
  if (server.number < MIN_SERVER_VERSION) {
    throw new Error(`PostgreSQL ${server.version} is too old: it must be 15 or later`);
  }
  if (server.encoding !== 'UTF8') {
    throw new Error(`the encoding of the database is ${server.encoding}: it must be UTF8`);
  }
}

async function createSchema(database: Database, schema: string): Promise<void> {
  const [row] = await database.read((db) =>
    query(db, sql<{ there: boolean }>`select to_regnamespace(${schema}) is not null as there`),
  );
  if (row?.there) return;
  await database.write((db) => db.schema.createSchema(schema).ifNotExists().execute());
}
