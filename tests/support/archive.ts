/** Download and parsing of archives. */
import { gunzipSync } from 'node:zlib';
import BetterSqlite3 from 'better-sqlite3';
import type { FastifyInstance } from 'fastify';
import type { Json } from './app.ts';

export interface Download {
  status: number;
  headers: Record<string, string | undefined>;
  bytes: Buffer;
}

export async function download(
  app: FastifyInstance,
  url: string,
  headers: Record<string, string> = {},
): Promise<Download> {
  const { statusCode, headers: responseHeaders, rawPayload } = await app.inject({ url, headers });
  return { status: statusCode, headers: responseHeaders as Download['headers'], bytes: rawPayload };
}

export const parseGzippedNdjson = ({ bytes }: Download): Json[] =>
  gunzipSync(bytes)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Opens a downloaded SQLite archive, read-only. */
export const openDownloadedDatabase = ({ bytes }: Download): BetterSqlite3.Database =>
  new BetterSqlite3(bytes, { readonly: true });

/** Returns all rows of all tables by table name. */
export function readTables(file: Download): Record<string, Json[]> {
  const database = openDownloadedDatabase(file);
  const tables = database
    .prepare("select name from sqlite_schema where type = 'table'")
    .pluck()
    .all() as string[];
  const rows = tables.map((name) => [name, database.prepare(`select * from "${name}"`).all()]);
  database.close();
  return Object.fromEntries(rows);
}
