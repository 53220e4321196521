import { join } from 'node:path';
import { defineComparisonServer } from './comparison-server.ts';
import { getJsonPath } from './export-rows.ts';
import { COMPARISONS_FOLDER, installNode, readVersion } from './install.ts';
import { PAGE_SIZE } from './requests.ts';

/**
 * json-server holds all rows in memory and scans them. The rows in the file are in id order, so no request
 * needs a sort. `_start` avoids links to other pages, and `text_like` a search of the other columns.
 */
export const jsonServer = defineComparisonServer({
  name: 'json-server',
  version: readVersion('package.json', /"json-server": "(.+)"/),
  install: installNode,
  command: (folder) => [
    process.execPath,
    join(COMPARISONS_FOLDER, 'servers/json-server.js'),
    getJsonPath(folder),
  ],
  urls: {
    page: `/statements?_start=0&_limit=${PAGE_SIZE}`,
    pages: ({ page }) => `/statements?_start=${(page - 1) * PAGE_SIZE}&_limit=${PAGE_SIZE}`,
    filtered: (speaker) => `/statements?speaker=${speaker}&_start=0&_limit=${PAGE_SIZE}`,
    item: (id) => `/statements/${id}`,
    search: (word) => `/statements?text_like=${word}&_start=0&_limit=${PAGE_SIZE}`,
  },
  notes: { pages: 'by offset', search: 'regular expression on every text, not ranked' },
});
