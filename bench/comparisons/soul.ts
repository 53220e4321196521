import { join } from 'node:path';
import { defineComparisonServer } from './comparison-server.ts';
import { copySqlite } from './export-rows.ts';
import { COMPARISONS_FOLDER, installNode, readVersion } from './install.ts';
import { PAGE_SIZE } from './requests.ts';

/**
 * Soul with its default settings: log, rate limit and keys are off. It gets a copy of the database, because
 * it turns on WAL mode. Its own version of better-sqlite3 does not build for a current Node, so package.json
 * overrides it with the version that this project uses.
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
    pages: 'by offset; counts all rows',
    filtered: 'counts all matches',
    search: 'substring match in every column, table scan, not ranked; counts all matches',
  },
});
