import { describe, expect, it } from 'vitest';
import { listUrlWarnings, maskPassword, parseStoreUrl } from '../../src/store/url.ts';

const getError = (url: string): string => {
  try {
    return JSON.stringify(parseStoreUrl(url));
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a file URL', () => {
  it.each([
    ['file:db/facts.sqlite', 'db/facts.sqlite'],
    ['file:./facts.sqlite', './facts.sqlite'],
    ['file:../facts.sqlite', '../facts.sqlite'],
    ['file:/srv/facts.sqlite', '/srv/facts.sqlite'],
    ['file:///srv/facts.sqlite', '/srv/facts.sqlite'],
    ['file://localhost/srv/facts.sqlite', '/srv/facts.sqlite'],
    ['FILE:facts.sqlite', 'facts.sqlite'],
    ['file:my%20facts.sqlite', 'my facts.sqlite'],
    ['file:///srv/100%25/a%3Fb%23c.sqlite', '/srv/100%/a?b#c.sqlite'],
    ['file:Daten/Fakten für alle.sqlite', 'Daten/Fakten für alle.sqlite'],
  ])('%s names %s', (url, path) => {
    expect(parseStoreUrl(url)).toEqual({ kind: 'sqlite', path });
    expect(maskPassword(url)).toBe(url);
  });

  it.each([
    ['file::memory:', 'a database in memory cannot be used'],
    ['file::memory:?cache=shared', 'a database in memory cannot be used'],
    ['file:facts?mode=memory', 'a database in memory cannot be used'],
    [':memory:', 'a database in memory cannot be used'],
    ['sqlite::memory:', 'a database in memory cannot be used'],
    ['file:', 'names no file'],
    ['file://', 'names no file'],
    ['file:///', 'names no file'],
    ['file:db/', 'names no file'],
    ['file://db/facts.sqlite', 'has the host db after //; write file:db/facts.sqlite for a relative path'],
    [
      'file:facts.sqlite?mode=ro',
      'has the parameters mode, but a file takes none; to serve a database that cannot be written, set READ_ONLY=1',
    ],
    ['file:facts.sqlite?immutable=1&cache=shared', 'set READ_ONLY=1'],
    [
      'file:facts.sqlite?cache=shared',
      'has the parameters cache, but a file takes none; in a file name, write ? as %3F',
    ],
    ['file:facts#1.sqlite', 'in a file name, write %23'],
    ['file:100%.sqlite', 'write a percent sign as %25'],
    ['file:a%00b', 'write a percent sign as %25'],
    ['file:~/facts.sqlite', 'starts with ~, which is not expanded here'],
    ['db/facts.sqlite', 'must be file: and a path, such as file:db/summit-facts.sqlite'],
    ['db/facts.sqlite', 'for SQLite, write file:db/facts.sqlite'],
    ['/srv/facts.sqlite', 'for SQLite, write file:/srv/facts.sqlite'],
    ['sqlite:db/facts.sqlite', 'for SQLite, write file:db/facts.sqlite'],
    ['sqlite3:/srv/facts.sqlite', 'for SQLite, write file:/srv/facts.sqlite'],
    ['sqlite://db/facts.sqlite', 'for SQLite, write file:db/facts.sqlite'],
    [
      'sqlite:///facts.sqlite',
      'for SQLite, write file:/facts.sqlite, or file:facts.sqlite for a relative path',
    ],
    ['sqlite:////srv/facts.sqlite', 'for SQLite, write file:/srv/facts.sqlite'],
    ['"file:facts.sqlite"', 'remove the quotation marks'],
  ])('%s is refused: %s', (url, message) => {
    expect(getError(url)).toContain(message);
  });
});

const BASE = 'postgres://u:secret@h:5433/db';
const parsePostgres = (url: string) => {
  const storeUrl = parseStoreUrl(url);
  if (storeUrl.kind !== 'postgres') throw new Error('not a PostgreSQL URL');
  const { connection, ...rest } = storeUrl;
  const { searchParams } = new URL(connection);
  return { ...rest, connection, driverParameters: Object.fromEntries(searchParams) };
};

describe('a PostgreSQL URL', () => {
  it.each([
    ['', { sslmode: 'disable' }],
    ['?sslmode=prefer', { sslmode: 'prefer' }],
    ['?sslmode=allow', { sslmode: 'prefer' }],
    ['?sslmode=no-verify', { sslmode: 'require' }],
    ['?ssl=true', { sslmode: 'verify-full' }],
    ['?ssl=0', { sslmode: 'disable' }],
    ['?ssl=no-verify&uselibpqcompat=true', { sslmode: 'require' }],
    ['?sslmode=require&sslnegotiation=direct', { sslmode: 'require', sslnegotiation: 'direct' }],
    [
      '?sslmode=verify-full&sslrootcert=a&sslcert=b&sslkey=c',
      { sslmode: 'verify-full', sslrootcert: 'a', sslcert: 'b', sslkey: 'c' },
    ],
    ['?options=-c%20search_path%3Dx', { options: '-c search_path=x', sslmode: 'disable' }],
    [
      '?application_name=a&fallback_application_name=b',
      { application_name: 'a', fallback_application_name: 'b', sslmode: 'disable' },
    ],
    [
      '?host=/run/postgresql&port=5434&user=v&password=w',
      { host: '/run/postgresql', port: '5434', user: 'v', password: 'w', sslmode: 'disable' },
    ],
    ['?schema=facts', { sslmode: 'disable' }],
  ])('passes on what the driver supports: %s', (query, driverParameters) => {
    expect(parsePostgres(BASE + query)).toMatchObject({ driverParameters, warnings: [] });
  });

  it.each([
    ['', { connectTimeoutMs: null, tlsIsOptional: false, usesChannelBinding: false }],
    ['?connect_timeout=10', { connectTimeoutMs: 10_000 }],
    ['?channel_binding=prefer&sslmode=prefer', { usesChannelBinding: true, tlsIsOptional: true }],
    ['?channel_binding=disable&sslmode=allow', { usesChannelBinding: false, tlsIsOptional: true }],
    ['?sslmode=require', { tlsIsOptional: false }],
  ])('maps other parameters to settings: %s', (query, settings) => {
    const parsed = parsePostgres(BASE + query);
    expect(parsed).toMatchObject({ settings, warnings: [] });
    expect(Object.keys(parsed.driverParameters)).toEqual(['sslmode']);
  });

  it.each([
    'target_session_attrs=read-write',
    'keepalives=1',
    'keepalives_idle=30',
    'gssencmode=disable',
    'client_encoding=UTF8',
    'load_balance_hosts=disable',
    'statement_timeout=5000',
    'sslsni=1',
  ])('warns about a parameter without effect: %s', (parameter) => {
    expect(listUrlWarnings(`${BASE}?${parameter}`)).toEqual([
      expect.stringContaining(`DATABASE_URL: ${parameter} has no effect: `),
    ]);
    expect(Object.keys(parsePostgres(`${BASE}?${parameter}`).driverParameters)).toEqual(['sslmode']);
  });

  it.each([
    [
      '?channel_binding=require',
      'channel_binding=require is not supported: the driver cannot enforce it; use prefer',
    ],
    ['?channel_binding=x', 'channel_binding=x is not supported; allowed are disable, prefer'],
    ['?connect_timeout=0', 'connect_timeout=0 must be a number of seconds from 1 to 600'],
    ['?connect_timeout=5s', 'connect_timeout=5s must be a number'],
    ['?sslmode=sometimes', 'sslmode must be one of disable, allow, prefer, require, verify-ca, verify-full'],
    ['?ssl=true&sslmode=disable', 'ssl and sslmode are both given'],
    ['?ssl=maybe', 'ssl=maybe is not supported; write sslmode='],
    ['?sslnegotiation=direct', 'sslnegotiation=direct needs an sslmode'],
    ['?sslmode=require&sslcert=a', 'sslcert and sslkey must be given together'],
    ['?gssencmode=require', 'gssencmode=require is not supported: GSSAPI is not supported'],
    ['?client_encoding=LATIN1', 'the encoding is always UTF8'],
    [
      '?ssl_min_protocol_version=TLSv1.3',
      'unknown parameter ssl_min_protocol_version; allowed are schema, host',
    ],
    ['?pgbouncer=true', 'unknown parameter pgbouncer; allowed are schema, host'],
    ['?passfile=x', 'unknown parameter passfile'],
    ['?application_name=a&application_name=b', 'parameter application_name is given twice'],
    ['?port=x', 'port=x is not a number'],
    ['?host=a,b', 'names several hosts'],
  ])('names what it does not support: %s', (query, message) => {
    expect(getError(BASE + query)).toContain(message);
    expect(getError(BASE + query)).not.toContain('secret');
  });

  it.each([
    ['postgres://u:secret@h1:5432,h2:5432/db', 'names several hosts'],
    ['postgres://u:secret@h1,h2/db', 'names several hosts'],
    ['postgres://u:secret@h', 'must name the database'],
    ['postgres://u:secret@/db', 'is not a valid URL'],
    // A character that ends the password early.
    ['postgres://u:se#cret@h/db', '# as %23'],
    ['postgres://u:se/cret@h/db', '/ as %2F'],
    ['postgres://u:se?cret@h/db', '? as %3F'],
    ['postgres://u:12#cret@h/db', '# as %23'],
    ['postgres://u:12/cret@h/db', '/ as %2F'],
    ['postgres://u:12?cret@h/db', '? as %3F'],
    ['postgres://u:12/a?cret@h=/db', '? as %3F'],
    ['postgres://u:100%cret@h/db', '% as %25'],
    ['postgres:u:secret@h/db', 'must be file: and a path'],
    ['jdbc:postgresql://u:secret@h/db', 'must be file: and a path'],
    ["'postgres://u:secret@h/db'", 'remove the quotation marks'],
  ])('%s is refused, without its password', (url, message) => {
    expect(getError(url)).toContain(message);
    expect(`${getError(url)} ${maskPassword(url)}`).not.toContain('cret');
  });

  it.each([
    ['postgres://u:p%40%23%2F%25@h/db', 'postgres://u:***@h/db'],
    ['postgres://u:p@ss@h/db', 'postgres://u:***@h/db'],
    ['postgresql://u@h/db?password=secret&options=x', 'postgresql://u@h/db?password=***&options=***'],
    ['postgres://u:p@h/db?sslpassword=secret', 'postgres://u:***@h/db?sslpassword=***'],
    ['postgres://h/db?application_name=a&host=secret@h', 'postgres://h/db?application_name=a&host=***'],
    ['postgres://u@%2Frun%2Fpostgresql/db', 'postgres://u@%2Frun%2Fpostgresql/db'],
  ])('%s is shown as %s', (url, shown) => {
    expect(maskPassword(url)).toBe(shown);
  });

  it.each([
    'postgres://u@/db?host=/run/postgresql',
    'postgresql:///db?host=/run/postgresql&user=u',
    'postgres://u@%2Frun%2Fpostgresql/db',
    'postgres://u:p%40%23@[::1]:5433/db',
    'POSTGRES://u@h/db',
  ])('%s is valid', (url) => {
    expect(parseStoreUrl(url)).toMatchObject({ kind: 'postgres', schema: null });
  });
});
