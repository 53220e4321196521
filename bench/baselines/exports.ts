/**
 * Baseline for exports: a loop over one open statement, with labels and documents in memory, hand-written
 * columns and the same output as this server. It supports neither filters nor earlier revisions, and a slow
 * client would keep its snapshot open: `node bench/baselines/exports.ts bench.sqlite`.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Database from 'better-sqlite3';
import { formatLine } from './export-lines.ts';
import { COLLECTIONS, type FactVersion, loadLookups } from './export-lookups.ts';
import { CSV_HEADERS, ROW_FORMATTERS } from './export-rows.ts';

/** Minimum number of characters of one write. */
const CHUNK_LENGTH = 64 * 1_024;

const database = new Database(process.argv[2], { readonly: true });
const lookups = loadLookups(database);
const select = database.prepare(
  `select type, id, version, rev_from, label, reported_on, body from fact
   where type = ? and rev_to = 2147483647 and retracted is null order by id`,
);

const server = createServer(async ({ url }, response) => {
  const [, collection, extension = ''] = /^\/v1\/([a-z]+)\.(csv|ndjson)$/.exec(url ?? '') ?? [];
  const type = Object.keys(COLLECTIONS).find((each) => COLLECTIONS[each] === collection);
  if (!type) return response.writeHead(404).end();
  const write = extension === 'csv' ? ROW_FORMATTERS[type] : formatLine;
  let text = extension === 'csv' ? `${CSV_HEADERS[type]}\r\n` : '';
  for (const version of select.iterate(type)) {
    text += write?.(version as FactVersion, lookups);
    if (text.length < CHUNK_LENGTH) continue;
    if (!response.write(Buffer.from(text))) await once(response, 'drain');
    text = '';
  }
  response.end(text);
});
await once(server.listen(0, '127.0.0.1'), 'listening');
lookups.serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
process.stdout.write(`${lookups.serverUrl}\n`);
