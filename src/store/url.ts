/** Parser of `DATABASE_URL`. It opens no connection. */

export type StoreUrl =
  | { kind: 'sqlite'; path: string }
  /** `schema` is null if the server's search path determines the schema. */
  | { kind: 'postgres'; connection: string; schema: string | null };

const STORE_URL_FORMS =
  'file: and a path, such as file:db/summit-facts.sqlite, or postgres://user:password@host:5432/database';

/** Query parameters of a PostgreSQL URL; all but `schema` are those of libpq. */
const POSTGRES_PARAMETERS = [
  'schema',
  'host',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'application_name',
];
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'];
const SCHEMA_PATTERN = /^[a-z_][a-z0-9_]{0,62}$/;

/** Parses `url`; an error says what is wrong with it, and never contains the password. */
export function parseStoreUrl(url: string): StoreUrl {
  if (/^postgres(ql)?:\/\//i.test(url)) return parsePostgresUrl(url);
  const path = /^file:(?!\/\/)(.+)$/s.exec(url)?.[1];
  if (!path) throw new Error(`must be ${STORE_URL_FORMS}`);
  return { kind: 'sqlite', path };
}

/** Replaces the password in `url` by asterisks, or the complete URL if the password cannot be located. */
export function maskPassword(url: string): string {
  if (/^postgres(ql)?:\/\//i.test(url) && URL.canParse(url)) {
    const maskedUrl = new URL(url);
    if (maskedUrl.password) maskedUrl.password = '***';
    for (const name of new Set(maskedUrl.searchParams.keys())) {
      if (!POSTGRES_PARAMETERS.includes(name)) maskedUrl.searchParams.set(name, '***');
    }
    return maskedUrl.href;
  }
  return /^file:/.test(url) || !/[@=]/.test(url) ? url : '***';
}

function parsePostgresUrl(text: string): StoreUrl {
  const url = parseUrl(text);
  // By default PostgreSQL takes the database named after the user, which is rarely intended.
  if (url.pathname.length < 2)
    throw new Error('must name the database after the host, as in postgres://host/database');
  for (const name of new Set(url.searchParams.keys())) {
    if (!POSTGRES_PARAMETERS.includes(name))
      throw new Error(`unknown parameter ${name}; allowed are ${POSTGRES_PARAMETERS.join(', ')}`);
    if (url.searchParams.getAll(name).length > 1) throw new Error(`parameter ${name} is given twice`);
  }
  const sslmode = url.searchParams.get('sslmode') ?? 'disable';
  if (!SSL_MODES.includes(sslmode)) {
    throw new Error(`sslmode=${sslmode} is not supported; sslmode must be one of ${SSL_MODES.join(', ')}`);
  }
  if (sslmode === 'verify-ca' && !url.searchParams.has('sslrootcert')) {
    throw new Error('sslmode=verify-ca needs sslrootcert, the certificate to verify with');
  }
  if (
    sslmode === 'disable' &&
    ['sslrootcert', 'sslcert', 'sslkey'].some((name) => url.searchParams.has(name))
  ) {
    throw new Error(`a certificate needs an sslmode: one of ${SSL_MODES.slice(1).join(', ')}`);
  }
  // Set explicitly, so that no environment variable (PGSSLMODE) has an effect.
  url.searchParams.set('sslmode', sslmode);
  const schema = url.searchParams.get('schema');
  if (schema !== null && !SCHEMA_PATTERN.test(schema)) {
    throw new Error(
      `schema=${schema} is not valid; it must be 1 to 63 lowercase letters, digits and _, not starting with a digit`,
    );
  }
  url.searchParams.delete('schema');
  return { kind: 'postgres', connection: url.href, schema };
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new Error(`is not a valid URL; it must be ${STORE_URL_FORMS}`);
  }
}
