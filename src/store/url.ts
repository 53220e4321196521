/** Parser of `DATABASE_URL`. It opens no connection, and its errors never contain a password. */
import { maskPostgresPassword, type PostgresUrl, parsePostgresUrl } from './postgres-url.ts';

export type StoreUrl = { kind: 'sqlite'; path: string } | ({ kind: 'postgres' } & PostgresUrl);

const STORE_URL_FORMS =
  'file: and a path, such as file:db/summit-facts.sqlite, or postgres://user:password@host:5432/database';

const POSTGRES_PATTERN = /^postgres(ql)?:\/\//i;
const FILE_PATTERN = /^file:/i;

/** Parses `url`; an error says what is wrong with it. */
export function parseStoreUrl(url: string): StoreUrl {
  if (POSTGRES_PATTERN.test(url)) return { kind: 'postgres', ...parsePostgresUrl(url) };
  if (FILE_PATTERN.test(url)) return { kind: 'sqlite', path: parseFileUrl(url) };
  throw new Error(`must be ${STORE_URL_FORMS}${suggestUrl(url)}`);
}

/** Warnings about parts of a valid URL that have no effect here. */
export function listUrlWarnings(url: string): string[] {
  const storeUrl = parseStoreUrl(url);
  return storeUrl.kind === 'postgres' ? storeUrl.warnings : [];
}

/** Replaces the password in `url` by asterisks, or the complete URL if the password cannot be located. */
export function maskPassword(url: string): string {
  if (POSTGRES_PATTERN.test(url)) return maskPostgresPassword(url);
  return FILE_PATTERN.test(url) || !/[@=]/.test(url) ? url : '***';
}

/** Suggests the right form for forms of other programs. */
function suggestUrl(url: string): string {
  if (/^["'].*["']$/.test(url)) return '; remove the quotation marks';
  // Other URLs may have a password anywhere.
  if (/[@=?]/.test(url)) return '';
  if (url.includes(MEMORY)) return `; ${MEMORY_MESSAGE}`;
  const [, slashes = '', path] = /^(?:sqlite3?:(\/\/)?)?([^:]+)$/i.exec(url) ?? [];
  if (path === undefined) return '';
  // After three slashes, SQLAlchemy expects a relative path, others an absolute one.
  const isAmbiguous = slashes !== '' && /^\/[^/]/.test(path);
  const absolutePath = path.replace(/^\/+/, '/');
  return `; for SQLite, write file:${absolutePath}${isAmbiguous ? `, or file:${path.slice(1)} for a relative path` : ''}`;
}

const MEMORY = ':memory:';
const MEMORY_MESSAGE =
  'a database in memory cannot be used, because each thread and process opens it for itself: name a file';

/** Returns the path in a file URL, which may be relative. */
function parseFileUrl(url: string): string {
  const [, authority, encodedPath = '', rest = ''] =
    /^file:(?:\/\/([^/?#]*)(?=[/?#]|$))?([^?#]*)(.*)$/is.exec(url) ?? [];
  if (authority && authority.toLowerCase() !== 'localhost') {
    throw new Error(
      `has the host ${authority} after //; write file:${authority}${encodedPath} for a relative path, or file:/// and an absolute one`,
    );
  }
  if (encodedPath.includes(MEMORY) || /[?&]mode=memory\b/.test(rest)) throw new Error(MEMORY_MESSAGE);
  if (rest.startsWith('?')) throw new Error(describeFileParameters(rest));
  if (rest.startsWith('#'))
    throw new Error('contains a #, which starts a fragment; in a file name, write %23');
  const path = decodePath(encodedPath);
  if (path === '' || path.endsWith('/')) throw new Error('names no file; write file: and the path of a file');
  if (path.startsWith('~'))
    throw new Error('starts with ~, which is not expanded here; write the complete path');
  return path;
}

function decodePath(encodedPath: string): string {
  try {
    const path = decodeURIComponent(encodedPath);
    if (!path.includes('\0')) return path;
  } catch {
    // Reported below.
  }
  throw new Error('must be percent-encoded UTF-8; in a file name, write a percent sign as %25');
}

function describeFileParameters(query: string): string {
  const names = [...new Set(new URLSearchParams(query).keys())];
  const hint = names.some((name) => name === 'mode' || name === 'immutable')
    ? '; to serve a database that cannot be written, set READ_ONLY=1'
    : '; in a file name, write ? as %3F';
  return `has the parameters ${names.join(', ')}, but a file takes none${hint}`;
}
