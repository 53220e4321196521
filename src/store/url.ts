/** Where a store is: `DATABASE_URL`, taken apart. Nothing here opens anything. */

export type StoreUrl =
  | { kind: 'sqlite'; path: string }
  /** `schema` is null where the server's own search path says where the tables are. */
  | { kind: 'postgres'; connection: string; schema: string | null };

const STORE_URL_FORMS =
  'file: and a path, such as file:db/summit-facts.sqlite, or postgres://user:password@host:5432/database';

/** What the query of a PostgreSQL URL may say; all but `schema` as libpq has them. */
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

/** The store that `url` names, or an error that says what is wrong with it; the error never holds the password. */
export function parseStoreUrl(url: string): StoreUrl {
  if (/^postgres(ql)?:\/\//i.test(url)) return parsePostgresUrl(url);
  const path = /^file:(?!\/\/)(.+)$/s.exec(url)?.[1];
  if (!path) throw new Error(`must be ${STORE_URL_FORMS}`);
  return { kind: 'sqlite', path };
}

/** `url` as it may be shown: with stars for the password, or for all of it where that cannot be told apart. */
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
  // One that nothing is said about has the name of the user, which is hardly ever what is meant.
  if (url.pathname.length < 2)
    throw new Error('must name the database after the host, as in postgres://host/database');
  for (const name of new Set(url.searchParams.keys())) {
    if (!POSTGRES_PARAMETERS.includes(name))
      throw new Error(`has a parameter ${name}; there are ${POSTGRES_PARAMETERS.join(', ')}`);
    if (url.searchParams.getAll(name).length > 1) throw new Error(`has the parameter ${name} twice`);
  }
  const sslmode = url.searchParams.get('sslmode') ?? 'disable';
  if (!SSL_MODES.includes(sslmode)) {
    throw new Error(`has sslmode=${sslmode}; it must be one of ${SSL_MODES.join(', ')}`);
  }
  if (sslmode === 'verify-ca' && !url.searchParams.has('sslrootcert')) {
    throw new Error('has sslmode=verify-ca, which needs sslrootcert, the certificate to verify by');
  }
  if (
    sslmode === 'disable' &&
    ['sslrootcert', 'sslcert', 'sslkey'].some((name) => url.searchParams.has(name))
  ) {
    throw new Error(`names a certificate, which needs an sslmode: one of ${SSL_MODES.slice(1).join(', ')}`);
  }
  // Said outright, so that no variable of the environment has a say in it.
  url.searchParams.set('sslmode', sslmode);
  const schema = url.searchParams.get('schema');
  if (schema !== null && !SCHEMA_PATTERN.test(schema)) {
    throw new Error(`has schema=${schema}; it must be small letters, digits and _, at most 63 of them`);
  }
  url.searchParams.delete('schema');
  return { kind: 'postgres', connection: url.href, schema };
}

function parseUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new Error(`is no valid URL; it must be ${STORE_URL_FORMS}`);
  }
}
