import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { defineComparisonServer } from './comparison-server.ts';
import { getSqlitePath } from './export-rows.ts';
import { installGo, POCKETBASE_PATH, readVersion } from './install.ts';
import { PAGE_SIZE } from './requests.ts';

const RECORDS_PATH = '/api/collections/statements/records';
/** PocketBase's documentation recommends `skipTotal` if the count is not needed. */
const PAGE_URL = `${RECORDS_PATH}?perPage=${PAGE_SIZE}&skipTotal=1&sort=id`;
const createFilterUrl = (filter: string) => `${PAGE_URL}&filter=${encodeURIComponent(filter)}`;

/** PocketBase as a library, with the settings in pocketbase/main.go. Each start imports the rows again. */
export const pocketbase = defineComparisonServer({
  name: 'PocketBase',
  // This version builds with Go 1.26; 0.40 requires 1.27.
  version: readVersion('pocketbase/go.mod', /pocketbase\/pocketbase v(.+)$/m),
  install: installGo,
  command: (folder) => {
    const dataFolder = join(folder, 'pocketbase');
    rmSync(dataFolder, { recursive: true, force: true });
    return [POCKETBASE_PATH, getSqlitePath(folder), dataFolder];
  },
  urls: {
    page: PAGE_URL,
    pages: ({ page: pageNumber }) => `${PAGE_URL}&page=${pageNumber}`,
    filtered: (speaker) => createFilterUrl(`speaker="${speaker}"`),
    item: (id) => `${RECORDS_PATH}/${id}`,
    search: (word) => createFilterUrl(`text~"${word}"`),
  },
  notes: { pages: 'by offset', search: 'substring match, scan in id order, not ranked' },
});
