/** Parser of PostgreSQL URLs: the parameters of libpq, of which the driver supports a part. */

export interface PostgresUrl {
  /** URL for the driver, with the parameters that it supports. */
  connection: string;
  /** Null if the server's search path determines the schema. */
  schema: string | null;
  settings: PostgresUrlSettings;
  /** Parameters that have no effect here. */
  warnings: string[];
}

/** Parameters that the driver takes otherwise than in the URL. */
export interface PostgresUrlSettings {
  /** Time that a read waits for a connection; null for the default. */
  connectTimeoutMs: number | null;
  /** True if a connection without TLS is acceptable when the server offers none. */
  tlsIsOptional: boolean;
  usesChannelBinding: boolean;
}

/** Parameters that are passed to the driver. */
const DRIVER_PARAMETERS = [
  'host',
  'port',
  'user',
  'password',
  'options',
  'application_name',
  'fallback_application_name',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'sslnegotiation',
];
/** Parameters that have no effect here, with the values that are harmless; all if there is no list. */
const IGNORED_PARAMETERS: Record<string, { values?: string[]; reason: string }> = {
  client_encoding: { values: ['utf8', 'utf-8', 'auto'], reason: 'the encoding is always UTF8' },
  gssencmode: { values: ['disable', 'prefer'], reason: 'GSSAPI is not supported' },
  krbsrvname: { reason: 'GSSAPI is not supported' },
  gsslib: { reason: 'GSSAPI is not supported' },
  sslcompression: { values: ['0'], reason: 'TLS is never compressed' },
  sslsni: { values: ['1'], reason: 'the host name is always sent' },
  target_session_attrs: { reason: 'the state of the server is not checked' },
  load_balance_hosts: { values: ['disable'], reason: 'a URL names one host' },
  keepalives: { reason: 'keepalives are always sent' },
  keepalives_idle: { reason: 'keepalives are sent after 10 seconds' },
  keepalives_interval: { reason: 'the operating system sets it' },
  keepalives_count: { reason: 'the operating system sets it' },
  tcp_user_timeout: { reason: 'the operating system sets it' },
  statement_timeout: { reason: 'set DATABASE_STATEMENT_TIMEOUT_MS instead' },
  query_timeout: { reason: 'set DATABASE_STATEMENT_TIMEOUT_MS instead' },
  lock_timeout: { reason: 'each transaction sets its own' },
  idle_in_transaction_session_timeout: { reason: 'each transaction sets its own' },
};

const ALLOWED_NAMES = [
  'schema',
  ...DRIVER_PARAMETERS,
  'connect_timeout',
  'channel_binding',
  'ssl',
  'uselibpqcompat',
  ...Object.keys(IGNORED_PARAMETERS),
];

/** True for parameters whose values may be shown. */
const isPublicParameter = (name: string): boolean =>
  ALLOWED_NAMES.includes(name) && name !== 'password' && name !== 'options' && name !== 'user';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
const SCHEMA_PATTERN = /^[a-z_][a-z0-9_]{0,62}$/;
const MAX_CONNECT_TIMEOUT_S = 600;

/** Parses `text`; an error says what is wrong with it, and never contains the password. */
export function parsePostgresUrl(text: string): PostgresUrl {
  const url = parseUrl(text);
  assertSingleHost(url);
  // By default PostgreSQL takes the database named after the user, which is rarely intended.
  if (url.pathname.length < 2)
    throw new Error('must name the database after the host, as in postgres://host/database');
  validateParameters(url);
  const warnings = removeIgnoredParameters(url);
  const settings = {
    connectTimeoutMs: takeConnectTimeout(url),
    usesChannelBinding: takeChannelBinding(url),
    tlsIsOptional: setSslMode(url),
  };
  const schema = takeSchema(url);
  return { connection: url.href, schema, settings, warnings };
}

/** Replaces passwords in `text` by asterisks, or the complete URL if they cannot be located. */
export function maskPostgresPassword(text: string): string {
  if (!canLocatePassword(text)) return '***';
  const url = new URL(text);
  if (url.password) url.password = '***';
  for (const [name, value] of [...url.searchParams]) {
    if (!isPublicParameter(name) || value.includes('@')) url.searchParams.set(name, '***');
  }
  return url.href;
}

/**
 * False if a password may contain a character that ends it early, such as # or /: its rest is then in the path,
 * in the parameters or in the fragment, followed by an @.
 */
function canLocatePassword(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { pathname, searchParams, hash } = new URL(text);
  return hash === '' && ![pathname, ...searchParams.keys()].some((part) => part.includes('@'));
}

const ENCODING_ADVICE =
  'percent-encode special characters in the user name and the password: # as %23, / as %2F, ? as %3F, @ as %40, % as %25';

function parseUrl(text: string): URL {
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(text)?.[1] ?? '';
  if (authority.slice(authority.lastIndexOf('@') + 1).includes(',')) throw new Error(SEVERAL_HOSTS_MESSAGE);
  // libpq allows a user without a host, if the parameter `host` has it; URLs do not.
  const completed = /[?&]host=/.test(text)
    ? text.replace(/^([^:]+:\/\/[^/?#]*@)(?=[/?#])/, '$1localhost')
    : text;
  if (!URL.canParse(completed)) throw new Error(`is not a valid URL; ${ENCODING_ADVICE}`);
  if (!canLocatePassword(completed)) throw new Error(`has an @ or a # after the host; ${ENCODING_ADVICE}`);
  const url = new URL(completed);
  for (const part of [url.username, url.password, url.hostname, url.pathname]) assertPercentEncoded(part);
  return url;
}

function assertPercentEncoded(part: string): void {
  try {
    decodeURIComponent(part);
  } catch {
    throw new Error(`is not percent-encoded UTF-8; ${ENCODING_ADVICE}`);
  }
}

const SEVERAL_HOSTS_MESSAGE =
  'names several hosts, which is not supported; name one, or an address that a proxy or DNS directs to the primary';

function assertSingleHost({ hostname, searchParams }: URL): void {
  const names = [decodeURIComponent(hostname), searchParams.get('host'), searchParams.get('port')];
  if (names.some((name) => name?.includes(','))) throw new Error(SEVERAL_HOSTS_MESSAGE);
}

function validateParameters({ searchParams }: URL): void {
  for (const name of new Set(searchParams.keys())) {
    if (!ALLOWED_NAMES.includes(name))
      throw new Error(`unknown parameter ${name}; allowed are ${ALLOWED_NAMES.join(', ')}`);
    if (searchParams.getAll(name).length > 1) throw new Error(`parameter ${name} is given twice`);
  }
  const port = searchParams.get('port');
  if (port !== null && !/^\d{1,5}$/.test(port)) throw new Error(`port=${port} is not a number`);
}

/** Removes parameters without effect, and returns a warning for each; refuses values that would weaken safety. */
function removeIgnoredParameters({ searchParams }: URL): string[] {
  return Object.entries(IGNORED_PARAMETERS).flatMap(([name, { values, reason }]) => {
    const value = searchParams.get(name);
    if (value === null) return [];
    if (values && !values.includes(value.toLowerCase()))
      throw new Error(`${name}=${value} is not supported: ${reason}; allowed are ${values.join(', ')}`);
    searchParams.delete(name);
    return [`DATABASE_URL: ${name}=${value} has no effect: ${reason}`];
  });
}

function takeConnectTimeout({ searchParams }: URL): number | null {
  const value = take(searchParams, 'connect_timeout');
  if (value === null) return null;
  const seconds = Number(value);
  if (!/^\d{1,4}$/.test(value) || seconds < 1 || seconds > MAX_CONNECT_TIMEOUT_S)
    throw new Error(
      `connect_timeout=${value} must be a number of seconds from 1 to ${MAX_CONNECT_TIMEOUT_S}`,
    );
  return seconds * 1_000;
}

function takeChannelBinding({ searchParams }: URL): boolean {
  const value = take(searchParams, 'channel_binding');
  if (value === null || value === 'disable' || value === 'prefer') return value === 'prefer';
  const advice =
    value === 'require'
      ? ': the driver cannot enforce it; use prefer, with sslmode=verify-full to verify the server'
      : '';
  throw new Error(`channel_binding=${value} is not supported${advice}; allowed are disable, prefer`);
}

/** Sets `sslmode` for the driver; returns true if TLS is optional. */
function setSslMode({ searchParams }: URL): boolean {
  const sslmode = readSslMode(searchParams);
  const has = (name: string) => searchParams.has(name);
  if (sslmode === 'verify-ca' && !has('sslrootcert'))
    throw new Error('sslmode=verify-ca needs sslrootcert, the certificate to verify with');
  if (sslmode === 'disable' && ['sslrootcert', 'sslcert', 'sslkey'].some(has))
    throw new Error(`a certificate needs an sslmode: one of ${SSL_MODES.slice(3).join(', ')}`);
  if (has('sslcert') !== has('sslkey')) throw new Error('sslcert and sslkey must be given together');
  const isOptional = sslmode === 'allow' || sslmode === 'prefer';
  const negotiation = searchParams.get('sslnegotiation') ?? 'postgres';
  if (!['postgres', 'direct'].includes(negotiation))
    throw new Error(`sslnegotiation=${negotiation} is not supported; allowed are postgres, direct`);
  if (negotiation === 'direct' && (isOptional || sslmode === 'disable'))
    throw new Error(`sslnegotiation=direct needs an sslmode: one of ${SSL_MODES.slice(3).join(', ')}`);
  // Set explicitly, so that no environment variable (PGSSLMODE) has an effect.
  searchParams.set('sslmode', isOptional ? 'prefer' : sslmode);
  return isOptional;
}

/** Values of `ssl`, which the driver takes in addition to libpq's `sslmode`. */
const SSL_VALUES: Record<string, string> = {
  true: 'verify-full',
  1: 'verify-full',
  false: 'disable',
  0: 'disable',
  'no-verify': 'require',
};

function readSslMode(searchParams: URLSearchParams): string {
  take(searchParams, 'uselibpqcompat');
  const ssl = take(searchParams, 'ssl');
  const sslmode = searchParams.get('sslmode');
  if (ssl !== null) {
    const mode = SSL_VALUES[ssl];
    if (mode === undefined)
      throw new Error(`ssl=${ssl} is not supported; write sslmode=, one of ${SSL_MODES.join(', ')}`);
    if (sslmode !== null) throw new Error('ssl and sslmode are both given; remove ssl');
    return mode;
  }
  if (sslmode === null) return 'disable';
  if (sslmode === 'no-verify') return 'require';
  if (SSL_MODES.includes(sslmode)) return sslmode;
  throw new Error(`sslmode=${sslmode} is not supported; sslmode must be one of ${SSL_MODES.join(', ')}`);
}

function takeSchema({ searchParams }: URL): string | null {
  const schema = take(searchParams, 'schema');
  if (schema === null || SCHEMA_PATTERN.test(schema)) return schema;
  throw new Error(
    `schema=${schema} is not valid; it must be 1 to 63 lowercase letters, digits and _, not starting with a digit`,
  );
}

function take(searchParams: URLSearchParams, name: string): string | null {
  const value = searchParams.get(name);
  searchParams.delete(name);
  return value;
}
