import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { HERE, installNode } from './install.ts';
import { PAGE_SIZE } from './questions.ts';
import { rival } from './rival.ts';
import { sqliteIn } from './rows.ts';

/**
 * Soul as it comes: log, rate limit and keys are off unless asked for. It turns the file's WAL mode on: so it has a copy. Its
 * own better-sqlite3 does not build for a current Node; package.json gives it the one that we use.
 */
export const soul = rival({
  name: 'Soul',
  version: '0.8.2',
  install: installNode,
  command: (folder) => {
    const path = join(folder, 'soul.sqlite');
    copyFileSync(sqliteIn(folder), path);
    return [process.execPath, join(HERE, 'servers/soul.js'), '-d', path];
  },
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
