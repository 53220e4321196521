import { join } from 'node:path';
import { defineComparisonServer } from './comparison-server.ts';
import { copySqlite } from './export-rows.ts';
import { COMPARISONS_FOLDER, installNode, readVersion } from './install.ts';
import { PAGE_SIZE } from './requests.ts';

/**
 * Soul as it comes: log, rate limit and keys are off unless asked for. It turns the file's WAL mode on: so it has a copy. Its
 * own better-sqlite3 does not build for a current Node; package.json gives it the one that we use.
 */
export const soul = defineComparisonServer({
  name: 'Soul',
  version: readVersion('package.json', /"soul-cli": "(.+)"/),
  install: installNode,
  command: (folder) => [
    process.execPath,
    join(COMPARISONS_FOLDER, 'servers/soul.js'),
    '-d',
    copySqlite('soul', folder),
  ],
  urls: {
    page: `/api/tables/statements/rows?_ordering=id&_limit=${PAGE_SIZE}`,
    pages: ({ page }) => `/api/tables/statements/rows?_ordering=id&_limit=${PAGE_SIZE}&_page=${page}`,
    filtered: (speaker) =>
      `/api/tables/statements/rows?_filters=speaker__eq:${speaker}&_ordering=id&_limit=${PAGE_SIZE}`,
    item: (id) => `/api/tables/statements/rows/${id}`,
    search: (word) => `/api/tables/statements/rows?_search=${word}&_limit=${PAGE_SIZE}`,
  },
  notes: {
    page: 'counts all rows, which cannot be turned off',
    pages: 'by offset, and counts all rows',
    filtered: 'counts all that fit',
    search: 'substrings in every column, by a scan of the table, not ranked; counts all that fit',
  },
});
