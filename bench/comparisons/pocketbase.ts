import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { rival } from './comparison-server.ts';
import { sqliteIn } from './export-rows.ts';
import { installGo, POCKETBASE, versionIn } from './install.ts';
import { PAGE_SIZE } from './requests.ts';

const records = '/api/collections/statements/records';
/** Its documentation recommends `skipTotal` where nobody needs the count. */
const page = `${records}?perPage=${PAGE_SIZE}&skipTotal=1&sort=id`;
const filtered = (filter: string) => `${page}&filter=${encodeURIComponent(filter)}`;

/** PocketBase as a library; pocketbase/main.go has the settings. It puts the rows into a collection of its own at every start. */
export const pocketbase = rival({
  name: 'PocketBase',
  // Builds with Go 1.26; 0.40 asks for 1.27.
  version: versionIn('pocketbase/go.mod', /pocketbase\/pocketbase v(.+)$/m),
  install: installGo,
  command: (folder) => {
    const data = join(folder, 'pocketbase');
    rmSync(data, { recursive: true, force: true });
    return [POCKETBASE, sqliteIn(folder), data];
  },
  urls: {
    page,
    pages: ({ page: number }) => `${page}&page=${number}`,
    filtered: (speaker) => filtered(`speaker="${speaker}"`),
    item: (id) => `${records}/${id}`,
    search: (word) => filtered(`text~"${word}"`),
  },
  notes: { pages: 'by offset', search: 'substrings, by a scan in order of the ids, not ranked' },
});
